package io.outfeed.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.WatchState;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.Visit;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another directory in the place of the known one, as a mount point whose file system is away, takes no file and is no
 * loss of delivered files.
 */
class ReplacedDirectoryTest {

    @TempDir
    private Path parent;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));
    private ManualScheduler scheduler;
    private ExportEngine engine;
    private Path outbox;
    private Path away;

    @BeforeEach
    void start() throws IOException {
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("unix");
        outbox = Files.createDirectory(parent.resolve("outbox"));
        away = parent.resolve("away");
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(Files.createDirectory(parent.resolve("home")))
                .clock(clock)
                .scheduler(scheduler)
                .renameLooks(Duration.ZERO)
                .build();
        engine.start();
    }

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    private DirectoryDelivery delivery() {
        return DirectoryDelivery.to("out", outbox);
    }

    private JobHandle add(ExportJob job) {
        return engine.add(job);
    }

    private JobHandle add(Delivery delivery) {
        return add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(delivery)
                .watch(DeliveredFileWatch.everyTenMinutes())
                .retention(Duration.ofDays(90))
                .build());
    }

    private void unmount() {
        try {
            Files.move(outbox, away);
            Files.createDirectory(outbox);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mount() {
        try {
            Files.delete(outbox);
            Files.move(away, outbox);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addRecord(int id) {
        source.put(
                Visit.of(id, "b", clock.instant().minus(Duration.ofMinutes(3)).toString()));
    }

    private void assertChanged(JobHandle job) {
        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_CHANGED))
                .hasMessage("the directory at " + delivery() + " is another one than before, in which nothing was"
                        + " delivered yet: if its file system is not mounted, mount it, and the run continues; if it"
                        + " was replaced on purpose, call acceptDirectory of the job's handle (job=visits)");
    }

    private FileDelivery delivered(ExportRun run) {
        return run.deliveries().get(0);
    }

    @Test
    void should_deliver_nothing_into_another_directory() {
        JobHandle job = add(delivery());
        job.runNow();
        clock.advance(Duration.ofHours(1));
        addRecord(2);
        unmount();

        assertChanged(job);

        assertThat(outbox).isEmptyDirectory();
        assertThat(job.check().problems()).singleElement().asString().contains("acceptDirectory");
        assertThat(job.summary().status()).isEqualTo(JobStatus.DELAYED);
        assertThat(job.summary().delay().orElseThrow().failure().code()).isEqualTo(FailureCode.DESTINATION_CHANGED);
        mount();
        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(outbox.resolve("visits-2.csv")).hasContent("id,note\r\n2,b\r\n");
    }

    /** A scheduled run knows the directories from what was read when its job was woken. */
    @Test
    void should_deliver_nothing_into_another_directory_by_schedule() {
        JobHandle job = add(ExportJob.builder("visits", Visit.export(source))
                .schedule(Schedule.every(Duration.ofDays(1), clock.instant().plusSeconds(60)))
                .deliverTo(delivery())
                .build());
        scheduler.advance(Duration.ofHours(1));
        assertThat(outbox.resolve("visits-1.csv")).exists();
        addRecord(2);
        unmount();

        scheduler.advance(Duration.ofDays(1));

        assertThat(outbox).isEmptyDirectory();
        assertThat(job.summary().delay().orElseThrow().failure().code()).isEqualTo(FailureCode.DESTINATION_CHANGED);
        mount();
        scheduler.advance(Duration.ofHours(2));
        assertThat(outbox.resolve("visits-2.csv")).hasContent("id,note\r\n2,b\r\n");
    }

    @Test
    void should_deliver_into_another_directory_that_a_person_accepts() {
        JobHandle job = add(delivery());
        job.runNow();
        clock.advance(Duration.ofHours(1));
        addRecord(2);
        unmount();
        assertChanged(job);

        assertThat(job.acceptDirectory("out")).isTrue();

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(outbox.resolve("visits-2.csv")).hasContent("id,note\r\n2,b\r\n");
        clock.advance(Duration.ofHours(1));
        addRecord(3);
        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED); // it is known now
        assertThat(job.acceptDirectory("out")).isTrue();
        assertThat(job.acceptDirectory("out")).isFalse();
        assertThatThrownBy(() -> job.acceptDirectory("other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("job 'visits' has no delivery 'other', only [out]");
    }

    @Test
    void should_recognize_it_after_a_restart() {
        add(delivery()).runNow();
        engine.close();
        unmount();
        clock.advance(Duration.ofHours(1));
        addRecord(2);

        try (ExportEngine next = ExportEngine.builder()
                .directory(parent.resolve("home"))
                .clock(clock)
                .scheduler(new ManualScheduler(clock))
                .build()) {
            next.start();
            assertChanged(next.add(ExportJob.builder("visits", Visit.export(source))
                    .deliverTo(delivery())
                    .build()));
        }

        assertThat(outbox).isEmptyDirectory();
    }

    @Test
    void should_publish_when_the_directory_is_back() {
        JobHandle job = add(new HookedDelivery(delivery(), Point.BEFORE_PUBLISH, this::unmount));

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertChanged(job);

        mount();
        job.runNow(); // after run 1, which is finished
        ExportRun run = engine.run(1).run();
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(delivered(run).uploads()).isEqualTo(1);
        assertThat(outbox.resolve("visits-1.csv")).exists();
    }

    @Test
    void should_not_assume_that_a_file_is_taken_whose_directory_is_away() {
        JobHandle job = add(new HookedDelivery(delivery(), Point.AFTER_PUBLISH, () -> {
            unmount();
            throw new IllegalStateException("the answer is lost");
        }));

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertChanged(job);

        mount();
        job.runNow(); // after run 1, which is finished
        ExportRun run = engine.run(1).run();
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(delivered(run).receipt().orElseThrow().publication()).isEqualTo(Publication.INFERRED);
        assertThat(run.unconfirmed()).isFalse();
    }

    @Test
    void should_not_copy_again_what_is_hidden() {
        add(delivery()).runNow();
        unmount();

        scheduler.advance(Duration.ofMinutes(30));

        assertThat(outbox).isEmptyDirectory();
        mount();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(delivered(engine.run(1).run()).watch().orElseThrow().state()).isEqualTo(WatchState.SEEN);
    }

    @Test
    void should_delete_what_is_hidden_once_it_is_not() {
        engine.add(ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(delivery())
                        .retention(Duration.ofDays(90))
                        .build())
                .runNow();
        unmount();

        clock.advance(Duration.ofDays(90)); // not inspection by inspection
        scheduler.advance(Duration.ofDays(1));

        assertThat(delivered(engine.run(1).run()).removal()).isEmpty();
        mount();
        scheduler.advance(Duration.ofHours(1));
        assertThat(outbox).isEmptyDirectory();
        assertThat(delivered(engine.run(1).run()).deletedAt()).isPresent();
    }

    @Test
    void should_use_another_directory_by_choice() {
        JobHandle job = add(DirectoryDelivery.builder("out", outbox)
                .ifReplaced(IfReplaced.USE)
                .build());
        job.runNow();
        unmount();

        assertThat(job.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(outbox.resolve("visits-2.csv")).exists();
    }

    @Test
    void should_deliver_to_the_directory_of_an_edited_job() throws Exception {
        add(delivery()).runNow();
        Path other = Files.createDirectory(parent.resolve("other"));

        JobHandle edited = add(DirectoryDelivery.to("out", other));

        assertThat(edited.runNow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(other.resolve("visits-2.csv")).exists();
    }

    @Test
    void should_recognize_the_directory_of_a_job_that_is_edited_to_another_one_and_back() throws Exception {
        add(delivery()).runNow();
        add(DirectoryDelivery.to("out", Files.createDirectory(parent.resolve("other"))))
                .runNow();
        unmount();

        assertChanged(add(delivery()));

        assertThat(outbox).isEmptyDirectory();
        mount();
        assertThat(add(delivery()).runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_recognize_it_after_many_edits() throws Exception {
        add(delivery()).runNow();
        for (int i = 1; i <= 8; i++) {
            add(DirectoryDelivery.to("out", Files.createDirectory(parent.resolve("other" + i))))
                    .runNow();
        }
        unmount();

        assertChanged(add(delivery()));
    }

    /** What a job delivers to is known for as long as it does, however often its other deliveries are edited. */
    @Test
    void should_recognize_a_directory_in_use_whatever_else_is_edited() throws Exception {
        for (int i = 1; i <= 20; i++) {
            add(ExportJob.builder("visits", Visit.export(source))
                    .deliverTo(delivery())
                    .deliverTo(DirectoryDelivery.to("too", Files.createDirectory(parent.resolve("other" + i))))
                    .build());
            engine.job("visits").runNow();
        }
        unmount();

        assertChanged(engine.job("visits"));
    }

    @Test
    void should_forget_the_oldest_of_the_directories_that_a_job_delivers_to_no_more() throws Exception {
        add(delivery()).runNow();
        for (int i = 1; i <= 9; i++) {
            add(DirectoryDelivery.to("out", Files.createDirectory(parent.resolve("other" + i))))
                    .runNow();
        }
        unmount();

        assertThat(add(delivery()).runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_recognize_it_when_the_job_is_removed_and_added_again() {
        add(delivery()).runNow();
        engine.remove("visits", History.KEEP);
        unmount();

        assertChanged(add(delivery()));

        engine.job("visits").acceptDirectory("out");
        assertThat(engine.job("visits").runNow().status()).isEqualTo(RunStatus.COMMITTED);
    }
}
