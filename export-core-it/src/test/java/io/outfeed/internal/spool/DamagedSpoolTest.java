package io.outfeed.internal.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What lies in the spool is not what was staged: it was changed, or the disk has not kept it. Nothing of it is sent as
 * the run's own.
 */
class DamagedSpoolTest {

    private static final String CONTENT = "id,note\r\n1,a\r\n2,b\r\n";

    /** What can become of the bytes of a file. */
    enum Damage {
        ONE_BIT {
            @Override
            byte[] of(byte[] bytes) {
                byte[] flipped = bytes.clone();
                flipped[10] ^= 1;
                return flipped;
            }
        },
        SHORTER {
            @Override
            byte[] of(byte[] bytes) {
                return Arrays.copyOf(bytes, bytes.length - 1);
            }
        },
        LONGER {
            @Override
            byte[] of(byte[] bytes) {
                return Arrays.copyOf(bytes, bytes.length + 1);
            }
        };

        abstract byte[] of(byte[] bytes);
    }

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery office = InMemoryDelivery.withoutRename("office");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-02-02T00:00:00Z"));
    private final List<ExportEvent> events = new ArrayList<>();

    @TempDir
    private Path home;

    @SuppressWarnings("NullAway.Init") // by start
    private ManualScheduler scheduler;

    @SuppressWarnings("NullAway.Init") // by start
    private ExportEngine engine;

    @BeforeEach
    void start() {
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(home.resolve("outfeed"))
                .store(store)
                .clock(clock)
                .scheduler(scheduler)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(events::add)
                .listenerExecutor(Runnable::run)
                .build();
        engine.start();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source));
    }

    private Path staged(String name) {
        return home.resolve("outfeed/spool/1").resolve(name);
    }

    private void damage(Damage damage) throws IOException {
        damage(damage, "visits-1.csv");
    }

    private void damage(Damage damage, String name) throws IOException {
        Files.write(staged(name), damage.of(Files.readAllBytes(staged(name))));
    }

    private void restart(ExportJob job) {
        engine.close();
        start();
        engine.add(job);
    }

    private String read() throws IOException {
        try (InputStream in = engine.run(1).open("visits-1.csv")) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    // ---- open

    @Test
    void should_be_read_by_any_read_method() throws Exception {
        engine.add(job().build()).runNow();

        assertThat(read()).isEqualTo(CONTENT);
        try (InputStream in = engine.run(1).open("visits-1.csv")) {
            assertThat(in.read()).isEqualTo('i');
            assertThat(in.skip(8)).isEqualTo(8);
            assertThat(in.readNBytes(5)).isEqualTo("1,a\r\n".getBytes(UTF_8));
            assertThat(in.available()).isEqualTo(5);
            in.skipNBytes(5);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_fail_at_the_end_when_they_are_read(Damage damage) throws Exception {
        engine.add(job().build()).runNow();
        damage(damage);

        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the bytes of visits-1.csv are not those that were staged: do not use what was read, and find"
                                + " out what has changed them in the engine's directory; reExport() exports the run's"
                                + " windows afresh (job=visits, run=1)");
        try (InputStream in = engine.run(1).open("visits-1.csv")) {
            assertThat(in.read()).isEqualTo('i'); // a reader that stops here has proved nothing
        }
        try (InputStream in = engine.run(1).open("visits-1.csv")) {
            in.skipNBytes(Files.size(staged("visits-1.csv")));
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
            assertThatThrownBy(in::read).as("again").isInstanceOf(IOException.class);
        }
    }

    // ---- redeliver

    @ParameterizedTest
    @EnumSource
    void should_not_be_redelivered(Damage damage) throws Exception {
        engine.add(job().deliverTo(lakeside, office).build()).runNow();
        lakeside.takeAll();
        damage(damage);

        assertThatThrownBy(() -> engine.run(1).redeliver())
                .isInstanceOf(StoreException.class)
                .hasMessage("the bytes of visits-1.csv in this engine's directory are not those that were staged:"
                        + " reExport() reads them afresh (job=visits, run=1)");

        assertThat(lakeside.files()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(office.arrivals()).hasSize(1);
        assertThat(engine.run(2).run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(home.resolve("outfeed/spool/2")).doesNotExist();
        assertThat(engine.run(1).reExport().rows()).isEqualTo(2);
    }

    @Test
    void should_be_redelivered_when_nothing_has_changed() throws Exception {
        engine.add(job().deliverTo(lakeside).build()).runNow();
        lakeside.takeAll();

        assertThat(engine.run(1).redeliver().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits-1.csv").bytes()).isEqualTo(CONTENT.getBytes(UTF_8));
    }

    // ---- watch

    @ParameterizedTest
    @EnumSource
    void should_not_be_copied_again(Damage damage) throws Exception {
        engine.add(job().deliverTo(lakeside)
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .build())
                .runNow();
        lakeside.takeAll();
        damage(damage);
        byte[] damaged = Files.readAllBytes(staged("visits-1.csv"));

        scheduler.advance(Duration.ofMinutes(10));

        assertThat(lakeside.files()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(events)
                .filteredOn(DeliveredFilesEvent.class::isInstance)
                .extracting(event -> ((DeliveredFilesEvent) event).kind())
                .containsExactly(DeliveredFilesEvent.Kind.DELIVERED, DeliveredFilesEvent.Kind.NOT_RECOPIED);
        assertThat(staged("visits-1.csv")).hasBinaryContent(damaged);

        Files.writeString(staged("visits-1.csv"), CONTENT); // from a backup
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(lakeside.file("visits-1.csv").bytes()).isEqualTo(CONTENT.getBytes(UTF_8));
    }

    // ---- what was interrupted

    @ParameterizedTest
    @EnumSource
    void should_not_be_sent_by_a_run_that_is_finished_later(Damage damage) throws Exception {
        ExportJob job = job().deliverTo(lakeside, office).build();
        engine.add(job);
        office.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(engine.job("visits")::runNow).isInstanceOf(DeliveryException.class);
        damage(damage);
        restart(job);

        assertThatThrownBy(engine.job("visits")::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.retryable()).isFalse())
                .hasMessage(
                        "the bytes of visits-1.csv in this engine's directory are not those that were staged, and are"
                                + " not sent: put the file back as it was, or call giveUp(reason) on engine.run(1)"
                                + " (job=visits, run=1)");

        assertThat(office.arrivals()).isEmpty();
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(engine.run(1).run().publishing()).isTrue();
        assertThat(engine.run(1).run().status()).isEqualTo(RunStatus.WAITING);

        Files.writeString(staged("visits-1.csv"), CONTENT); // from a backup
        engine.job("visits").runNow();
        assertThat(office.arrivals().get(0).bytes()).isEqualTo(CONTENT.getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void should_be_staged_again_if_nothing_was_published(Damage damage) throws Exception {
        JobHandle job = engine.add(job().deliverTo(lakeside, office).build());
        office.failNext(Operation.OPEN, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        damage(damage);
        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.BYTES_CHANGED));

        ExportRun run = job.runNow();

        assertThat(run.number()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        for (InMemoryDelivery delivery : List.of(lakeside, office)) {
            assertThat(delivery.arrivals())
                    .singleElement()
                    .extracting(DeliveredFile::text)
                    .isEqualTo(CONTENT);
            assertThat(delivery.temporaryNames()).isEmpty();
        }
    }

    @Test
    void should_not_stay_when_the_run_is_planned_anew_or_ends_without_a_commit() throws Exception {
        JobHandle job = engine.add(job().deliverTo(office).build());
        office.failNext(Operation.OPEN, Failure.REFUSED).failNext(Operation.OPEN, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        engine.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("others-{sequence}.csv"))
                                .build())
                .deliverTo(office)
                .build());

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(staged("others-1.csv")).exists();
        assertThat(staged("visits-1.csv")).doesNotExist();
        engine.run(1).cancel("not needed");
        assertThat(home.resolve("outfeed/spool/1")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void should_not_be_uploaded_again_where_a_destination_has_lost_them(Damage damage) throws Exception {
        Path out = Files.createDirectory(home.resolve("out"));
        ExportJob.Builder job = ExportJob.builder(
                        "visits", Visit.export(source, f -> f.name("a.csv")).build())
                .definition(named("calls", "b.csv"));
        Delivery directory = DirectoryDelivery.to("out", out);
        engine.add(job.deliverTo(new HookedDelivery(directory, HookedDelivery.Point.BEFORE_PUBLISH, () -> {
                    throw new IllegalStateException("the share is gone");
                }))
                .build());
        assertThatThrownBy(engine.job("visits")::runNow).isInstanceOf(DeliveryException.class);
        for (String name : List.of("a.csv", "b.csv")) {
            damage(damage, name);
        }
        try (DirectoryStream<Path> lost = Files.newDirectoryStream(out, ".b.csv.*")) {
            Files.delete(lost.iterator().next());
        }
        restart(job.build());

        assertThatThrownBy(engine.job("visits")::runNow)
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("the bytes of b.csv in this engine's directory are not those that were staged");

        try (Stream<Path> arrived = Files.list(out)) {
            assertThat(arrived).containsExactly(out.resolve("a.csv")); // which the destination had already
        }
        assertThat(out.resolve("a.csv")).hasBinaryContent(CONTENT.getBytes(UTF_8));
    }

    private ExportDefinition<Visit> named(String name, String file) {
        return ExportDefinition.builder(name, Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note))
                .file(f -> f.name(file))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void should_not_be_copied_by_a_run_that_is_finished_later(Damage damage) throws Exception {
        InMemoryDelivery archive = InMemoryDelivery.create("archive");
        ExportJob job = job().deliverTo(lakeside).copyTo(archive).build();
        engine.add(job);
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(engine.job("visits")::runNow).isInstanceOf(DeliveryException.class);
        damage(damage);
        restart(job);

        scheduler.advance(Duration.ofMinutes(2));

        assertThat(lakeside.file("visits-1.csv").bytes()).isEqualTo(CONTENT.getBytes(UTF_8));
        assertThat(archive.arrivals()).isEmpty();
        assertThat(archive.temporaryNames()).isEmpty();
        ExportRun run = engine.run(1).run();
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.deliveries())
                .extracting(FileDelivery::state)
                .containsExactly(DeliveryState.PUBLISHED, DeliveryState.PENDING);
    }

    @ParameterizedTest
    @EnumSource
    void should_not_be_released(Damage damage) throws Exception {
        engine.add(job().deliverTo(lakeside)
                        .holdIf((staged, before) -> Optional.of("it is odd"))
                        .build())
                .runNow();
        damage(damage);

        assertThatThrownBy(() -> engine.run(1).release())
                .isInstanceOf(DeliveryException.class)
                .hasMessage(
                        "the bytes of visits-1.csv in this engine's directory are not those that were staged, and are"
                                + " not sent: find out what has changed them (job=visits, run=1)");

        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(engine.run(1).run().waiting())
                .as("a person has released these bytes, and no others may be sent")
                .map(Waiting::cause)
                .contains(Waiting.Cause.PERSON);
        assertThat(engine.job("visits").position("visits")).isEmpty();
    }
}
