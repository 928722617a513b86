package io.outfeed.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.StartFrom;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.event.EngineStoppedEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.JobDamagedEvent;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notifier;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine whose file store is damaged or gone: a damaged job stops by itself, and nothing is exported twice. */
class DamagedStoreTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final List<ExportEvent> events = new CopyOnWriteArrayList<>();
    private final List<Digest> digests = new ArrayList<>();
    private final InMemoryDelivery sickPlace = InMemoryDelivery.create("sick-place");
    private final InMemoryDelivery wellPlace = InMemoryDelivery.create("well-place");
    private final ListSource<Visit> source = Visit.source();
    private ManualScheduler scheduler = new ManualScheduler(clock);
    private ExportEngine engine;
    private int records;

    @BeforeEach
    void openEngine() {
        open();
        writeRecord();
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    private void open() {
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(directory)
                .scheduler(scheduler)
                .clock(clock)
                .listenerExecutor(Runnable::run)
                .listener(events::add)
                .notifier(new Notifier() {

                    @Override
                    public String id() {
                        return "operators";
                    }

                    @Override
                    public void send(Digest digest) {
                        digests.add(digest);
                    }
                })
                .build();
    }

    private void reopen() {
        engine.close();
        open();
    }

    private JobHandle add(String name, InMemoryDelivery delivery) {
        return engine.add(ExportJob.builder(name, Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(delivery)
                .build());
    }

    private void addBoth() {
        add("sick", sickPlace);
        add("well", wellPlace);
    }

    private void writeRecord() {
        source.put(new Visit(++records, "note", clock.instant()));
    }

    private void passDays(int days) {
        for (int day = 0; day < days; day++) {
            scheduler.advance(DAY);
            writeRecord();
        }
    }

    private Path stored(String file) {
        return directory.resolve("store").resolve("jobs").resolve("sick").resolve(file);
    }

    private JobSummary summary(String job) {
        return engine.jobs(JobQuery.all()).stream()
                .filter(found -> found.job().name().equals(job))
                .findFirst()
                .orElseThrow();
    }

    private <E extends ExportEvent> Stream<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }

    // ---- damage of one job

    @ParameterizedTest
    @ValueSource(strings = {"positions", "fire", "state", "newest run"})
    void should_stop_a_damaged_job_and_run_the_others(String damaged) throws Exception {
        addBoth();
        engine.start();
        passDays(2);
        engine.job("sick").pause("maintenance"); // it has a state then
        engine.job("sick").resume();
        Path file = damaged.equals("newest run") ? newestRun() : stored(damaged);
        byte[] sound = Files.readAllBytes(file);
        engine.close();
        flipByte(file, sound);
        int before = sickPlace.arrivals().size();

        open();
        addBoth();
        engine.start();
        passDays(3);

        assertThat(wellPlace.arrivals()).hasSize(5);
        assertThat(sickPlace.arrivals()).hasSize(before);
        assertThat(summary("sick").status()).isEqualTo(JobStatus.DAMAGED);
        assertThat(summary("sick").damage().map(Problem::code)).contains(FailureCode.STORE_DAMAGED);
        assertThat(summary("well").status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(events(JobDamagedEvent.class)).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo("sick");
            assertThat(event.alarm()).isTrue();
            assertThat(event.damage().message()).contains(file + " is damaged");
        });

        Files.write(file, sound);
        passDays(1); // without a restart

        assertThat(summary("sick").status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(sickPlace.arrivals()).extracting(DeliveredFile::path).doesNotHaveDuplicates();
        assertThat(rows(sickPlace)).isEqualTo(rows(wellPlace));
    }

    private Path newestRun() {
        return stored("runs/" + Runs.newest(engine, "sick", 1).get(0).number());
    }

    private static void flipByte(Path file, byte[] sound) throws IOException {
        byte[] content = sound.clone();
        content[content.length - 3] ^= 1;
        Files.write(file, content);
    }

    private static List<String> rows(InMemoryDelivery place) {
        return place.arrivals().stream()
                .flatMap(file -> file.lines().stream().skip(1))
                .toList();
    }

    @Test
    void should_add_a_damaged_job_that_starts_from_now() throws Exception {
        addBoth();
        passDays(1);
        engine.job("sick").runNow();
        byte[] sound = Files.readAllBytes(stored("positions"));
        engine.close();
        flipByte(stored("positions"), sound);
        open();

        engine.add(ExportJob.builder("sick", Visit.export(source))
                .startFrom(StartFrom.now())
                .deliverTo(sickPlace)
                .build());

        assertThat(summary("sick").status()).isEqualTo(JobStatus.DAMAGED);
    }

    // ---- positions that are missing

    @Test
    void should_refuse_to_run_without_the_positions_of_earlier_runs() throws Exception {
        JobHandle sick = add("sick", sickPlace);
        sick.runNow();
        clock.advance(DAY);
        writeRecord();
        sick.runNow();
        Files.delete(stored("positions"));
        reopen();
        JobHandle again = add("sick", sickPlace);

        assertThatThrownBy(again::runNow)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORE_DAMAGED))
                .hasMessageContaining(stored("positions") + " is missing");

        assertThat(sickPlace.arrivals()).hasSize(2);
        assertThat(Runs.newest(engine, again, 10)).hasSize(2);
        assertThat(summary("sick").status()).isEqualTo(JobStatus.DAMAGED);
    }

    @Test
    void should_continue_after_the_position_was_set_where_positions_are_missing() throws Exception {
        JobHandle sick = add("sick", sickPlace);
        clock.advance(DAY);
        sick.runNow();
        writeRecord();
        clock.advance(DAY);
        ExportRun last = sick.runNow();
        Files.delete(stored("positions"));
        writeRecord();
        clock.advance(DAY);

        sick.resetPosition(
                "visits", requireNonNull(last.windows().get("visits")).until(), "the store was restored");
        ExportRun next = sick.runNow();

        assertThat(next.sequence()).hasValue(3);
        assertThat(sickPlace.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("visits-1.csv", "visits-2.csv", "visits-3.csv");
        assertThat(rows(sickPlace)).containsExactly("1,note", "2,note", "3,note");
        assertThat(summary("sick").status()).isEqualTo(JobStatus.SUCCESS);
    }

    @Test
    void should_restore_the_other_positions_of_the_job_too() throws Exception {
        ListSource<Visit> terms = Visit.source().put(Visit.of(7, "autumn", "2026-02-01T00:00:00Z"));
        JobHandle job = engine.add(ExportJob.builder("sick", Visit.export(source))
                .definition(terms(terms))
                .deliverTo(sickPlace)
                .build());
        job.runNow();
        Position back = Position.of(Instant.parse("2026-01-01T00:00:00Z"));
        job.resetPosition("terms", back, "all terms again");
        Files.delete(stored("positions"));

        job.resetPosition("visits", Position.of(clock.instant()), "the store was restored");

        assertThat(job.position("terms")).contains(back);
        assertThat(job.position("visits")).contains(Position.of(clock.instant()));
    }

    private static ExportDefinition<Visit> terms(ListSource<Visit> terms) {
        return ExportDefinition.builder("terms", Visit.class)
                .source(terms)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("terms-{sequence}.csv"))
                .build();
    }

    // ---- a store that is gone

    @Test
    void should_stop_when_the_store_is_removed_while_the_engine_runs() throws Exception {
        addBoth();
        engine.start();
        passDays(2);
        Path store = directory.resolve("store");
        Files.move(store, directory.resolve("elsewhere"));

        passDays(3);

        assertThat(wellPlace.arrivals()).hasSize(2);
        assertThat(store).doesNotExist();
        assertThat(events(EngineStoppedEvent.class)).singleElement().satisfies(event -> {
            assertThat(event.alarm()).isTrue();
            assertThat(event.problem().code()).isEqualTo(FailureCode.STORE_MISSING);
            assertThat(event).hasToString("the engine has stopped: " + event.problem());
        });
        assertThat(digests)
                .last()
                .satisfies(digest -> assertThat(digest.notices())
                        .singleElement()
                        .satisfies(
                                notice -> assertThat(notice.incident().code()).isEqualTo(FailureCode.STORE_MISSING)));
        assertThatThrownBy(() -> engine.job("well").runNow())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORE_MISSING));
        assertThatThrownBy(() -> add("third", wellPlace))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the engine has stopped: the store in " + store);

        Files.move(directory.resolve("elsewhere"), store);
        reopen();
        addBoth();
        engine.start();
        passDays(1);

        assertThat(wellPlace.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly("visits-1.csv", "visits-2.csv", "visits-3.csv", "visits-4.csv");
        assertThat(rows(wellPlace)).doesNotHaveDuplicates().hasSize(records - 1);
        assertThat(Runs.newest(engine, "well", 1).get(0).status()).isEqualTo(RunStatus.COMMITTED);
    }
}
