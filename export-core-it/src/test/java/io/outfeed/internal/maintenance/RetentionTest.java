package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.FileRemoval.Outcome;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration NINETY_DAYS = Duration.ofDays(90);

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    /** What happened to files after they had arrived. */
    private List<DeliveredFilesEvent> deliveredFilesEvents() {
        return sandbox.events(DeliveredFilesEvent.class).stream()
                .filter(event -> event.kind() != DeliveredFilesEvent.Kind.DELIVERED)
                .toList();
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportJob.Builder visits() {
        return ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .retention(NINETY_DAYS);
    }

    private List<String> paths() {
        return lakeside.files().stream().map(DeliveredFile::path).toList();
    }

    private Optional<FileRemoval> removal(long run) {
        List<FileDelivery> steps = sandbox.store().run(run).orElseThrow().deliveries();
        assertThat(steps).hasSize(1);
        return steps.get(0).removal();
    }

    private static Optional<FileRemoval> removed(Outcome outcome, Duration after) {
        return Optional.of(new FileRemoval(outcome, START.plus(after)));
    }

    private List<Kind> kinds() {
        return deliveredFilesEvents().stream().map(DeliveredFilesEvent::kind).toList();
    }

    @Test
    void should_delete_a_file_ninety_days_after_its_delivery() {
        JobHandle job = sandbox.add(visits().build());
        job.runNow();
        sandbox.advance(Duration.ofDays(1));
        job.runNow();
        lakeside.put("others.csv", "id,note\r\n1,a\r\n");

        sandbox.advance(NINETY_DAYS.minusDays(1).minusSeconds(1));
        assertThat(paths()).containsExactly("visits-1.csv", "visits-2.csv", "others.csv");
        sandbox.advance(Duration.ofSeconds(1));
        assertThat(paths()).containsExactly("visits-2.csv", "others.csv");
        assertThat(removal(1)).isEqualTo(removed(Outcome.DELETED, NINETY_DAYS));
        assertThat(removal(2)).isEmpty();

        sandbox.advance(Duration.ofDays(1));
        assertThat(paths()).containsExactly("others.csv");
        assertThat(sandbox.store().run(2).orElseThrow().deliveries().get(0).deletedAt())
                .contains(START.plus(Duration.ofDays(91)));
        assertThat(deliveredFilesEvents())
                .extracting(event -> event.kind() + ": " + event)
                .containsExactly(
                        "DELETED: visits-1.csv at delivery 'lakeside': deleted, since its time was over"
                                + " (job=visits, run=1)",
                        "DELETED: visits-2.csv at delivery 'lakeside': deleted, since its time was over"
                                + " (job=visits, run=2)");
    }

    @Test
    void should_delete_nothing_unless_it_is_asked_to() {
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(lakeside)
                        .build())
                .runNow();

        assertThat(sandbox.advance(Duration.ofDays(1000))).isZero();

        assertThat(paths()).containsExactly("visits-1.csv");
    }

    @Test
    void should_delete_on_time_after_a_restart() {
        sandbox.add(visits().build()).runNow();
        sandbox.advance(Duration.ofDays(50));
        sandbox.restart();
        sandbox.advance(Duration.ofDays(39));
        assertThat(paths()).containsExactly("visits-1.csv");

        sandbox.advance(Duration.ofDays(2));

        assertThat(removal(1)).isEqualTo(removed(Outcome.DELETED, NINETY_DAYS));
    }

    @Test
    void should_watch_what_was_delivered_before_the_watch_was_set() {
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(lakeside)
                        .build())
                .runNow();
        sandbox.advance(Duration.ofDays(95));

        sandbox.add(visits().build());
        sandbox.advance(Duration.ZERO);

        assertThat(removal(1)).isEqualTo(removed(Outcome.DELETED, Duration.ofDays(95)));
    }

    @Test
    void should_follow_a_job_that_is_replaced() {
        sandbox.add(visits().build()).runNow();
        sandbox.advance(Duration.ofDays(10));

        sandbox.add(visits().retention(Duration.ofDays(5)).build());
        sandbox.advance(Duration.ZERO);

        assertThat(removal(1)).isEqualTo(removed(Outcome.DELETED, Duration.ofDays(10)));
    }

    @Test
    void should_leave_a_file_of_another_size_and_never_try_again() {
        sandbox.add(visits().build()).runNow();
        String ours = lakeside.file("visits-1.csv").text();
        lakeside.put("visits-1.csv", "edited");

        sandbox.advance(NINETY_DAYS);
        lakeside.put("visits-1.csv", ours);
        sandbox.restart();
        sandbox.advance(Duration.ofDays(60));

        assertThat(paths()).containsExactly("visits-1.csv");
        assertThat(removal(1)).isEqualTo(removed(Outcome.DIFFERENT, NINETY_DAYS));
        assertThat(sandbox.store().run(1).orElseThrow().deliveries().get(0).deletedAt())
                .isEmpty();
        assertThat(kinds()).containsExactly(Kind.NOT_DELETED);
    }

    @Test
    void should_be_done_with_a_file_that_is_not_there() {
        sandbox.add(visits().build()).runNow();
        lakeside.takeAll();

        sandbox.advance(NINETY_DAYS);

        assertThat(removal(1)).isEqualTo(removed(Outcome.NOT_THERE, NINETY_DAYS));
        assertThat(kinds()).isEmpty();
    }

    @Test
    void should_leave_a_name_that_a_later_run_has_delivered_again() {
        JobHandle job = sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                                .build())
                .deliverTo(lakeside)
                .retention(NINETY_DAYS)
                .build());
        job.runNow();
        sandbox.advance(Duration.ofDays(1));
        source.put(Visit.of(1, "b", "2026-03-02T12:00:00Z"));
        job.runNow();

        sandbox.advance(Duration.ofDays(89));
        assertThat(lakeside.file("visits.csv").text()).as("of the same size").isEqualTo("id,note\r\n1,b\r\n");
        assertThat(removal(1)).isEqualTo(removed(Outcome.REPLACED, NINETY_DAYS));

        sandbox.advance(Duration.ofDays(1));
        assertThat(paths()).isEmpty();
        assertThat(removal(2)).isEqualTo(removed(Outcome.DELETED, Duration.ofDays(91)));
    }

    @Test
    void should_delete_a_hundred_files_at_a_time() {
        for (int i = 1; i <= 150; i++) {
            source.put(Visit.of(i, "note-" + i, "2026-02-01T00:00:00Z"));
        }
        sandbox.add(ExportJob.builder(
                                "visits",
                                Visit.export(source, f -> f.name("visits.csv"))
                                        .folderPer(Visit::note)
                                        .build())
                        .deliverTo(lakeside)
                        .retention(NINETY_DAYS)
                        .build())
                .runNow();
        assertThat(paths()).hasSize(150);

        sandbox.advance(NINETY_DAYS);
        assertThat(paths()).hasSize(50);
        sandbox.advance(Duration.ofMinutes(59));
        assertThat(paths()).hasSize(50);
        sandbox.advance(Duration.ofMinutes(1));
        assertThat(paths()).isEmpty();
    }

    @Test
    void should_try_again_when_it_was_refused() {
        sandbox.add(visits().build()).runNow();
        lakeside.failNext(Operation.DELETE, Failure.REFUSED);

        sandbox.advance(NINETY_DAYS.plusMinutes(59));
        assertThat(paths()).containsExactly("visits-1.csv");
        assertThat(removal(1)).isEmpty();
        sandbox.advance(Duration.ofMinutes(1));

        assertThat(removal(1)).isEqualTo(removed(Outcome.DELETED, NINETY_DAYS.plusHours(1)));
    }

    @Test
    void should_be_done_when_the_answer_of_the_deletion_got_lost() {
        sandbox.add(visits().build()).runNow();
        lakeside.failNext(Operation.DELETE, Failure.ANSWER_LOST);

        sandbox.advance(NINETY_DAYS.plusHours(1));

        assertThat(paths()).isEmpty();
        assertThat(removal(1)).isEqualTo(removed(Outcome.NOT_THERE, NINETY_DAYS.plusHours(1)));
    }

    @Test
    void should_leave_to_an_operator_what_is_unknown_for_thirty_days() {
        sandbox.add(visits().build()).runNow();
        lakeside.removeDirectory();

        sandbox.advance(NINETY_DAYS.plusDays(30).minusSeconds(1));
        assertThat(removal(1)).isEmpty();
        sandbox.advance(Duration.ofSeconds(1));

        assertThat(removal(1)).isEqualTo(removed(Outcome.NOT_SAID, NINETY_DAYS.plusDays(30)));
        assertThat(kinds()).containsExactly(Kind.NOT_DELETED);
        assertThat(sandbox.advance(Duration.ofDays(10))).isZero();
    }

    @Test
    void should_leave_the_files_of_a_delivery_that_the_job_no_longer_has() {
        sandbox.add(visits().build()).runNow();
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(InMemoryDelivery.create("riverside"))
                .retention(NINETY_DAYS)
                .build());

        sandbox.advance(NINETY_DAYS.plusDays(30));

        assertThat(paths()).containsExactly("visits-1.csv");
        assertThat(removal(1)).isEqualTo(removed(Outcome.NOT_SAID, NINETY_DAYS.plusDays(30)));
    }

    @Test
    void should_keep_the_history_until_files_are_done_with() {
        JobHandle job = sandbox.add(visits().retention(Duration.ofDays(100))
                .schedule(Schedule.every(Duration.ofDays(1), START))
                .build());

        sandbox.advance(Duration.ofDays(100).minusSeconds(1)); // the first run was on day one
        assertThat(Runs.newest(sandbox.engine(), job, 1000))
                .hasSize(99)
                .last()
                .extracting(ExportRun::number)
                .isEqualTo(1L);

        lakeside.failNext(Operation.DELETE, Failure.REFUSED);
        sandbox.advance(Duration.ofDays(1).plusMinutes(30));
        assertThat(Runs.newest(sandbox.engine(), job, 1000))
                .last()
                .extracting(ExportRun::number)
                .isEqualTo(1L);
        assertThat(paths()).contains("visits-1.csv");

        sandbox.advance(Duration.ofDays(2));
        assertThat(paths()).doesNotContain("visits-1.csv", "visits-2.csv").contains("visits-4.csv");
        assertThat(Runs.newest(sandbox.engine(), job, 1000))
                .last()
                .extracting(ExportRun::number)
                .isEqualTo(3L);
    }

    @Test
    void should_keep_the_history_as_long_as_the_engine_says_when_files_go_before() {
        JobHandle job = sandbox.add(visits().retention(Duration.ofDays(10))
                .schedule(Schedule.every(Duration.ofDays(1), START))
                .build());

        sandbox.advance(Duration.ofDays(91));

        assertThat(paths()).hasSize(10);
        assertThat(Runs.newest(sandbox.engine(), job, 1000))
                .last()
                .extracting(ExportRun::number)
                .isEqualTo(1L);
        sandbox.advance(Duration.ofDays(2));
        assertThat(Runs.newest(sandbox.engine(), job, 1000))
                .last()
                .extracting(ExportRun::number)
                .isEqualTo(3L);
    }

    @Test
    void should_leave_a_file_alone_that_was_assumed_to_be_taken() {
        LyingDelivery lying = LyingDelivery.create("lakeside");
        JobHandle job = sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lying)
                .retention(NINETY_DAYS)
                .build());
        lying.tell(Lie.RENAME_FAILED_BUT_TAKEN);
        ExportRun run = job.runNow();
        assertThat(run.deliveries().get(0).assumed()).isTrue();
        String foreign = "x".repeat((int) run.bytes()); // not known to be ours, however much it resembles the file
        lying.destination().put("visits-1.csv", foreign);

        sandbox.advance(NINETY_DAYS);

        assertThat(lying.destination().file("visits-1.csv").lines()).containsExactly(foreign);
        assertThat(removal(1)).isEqualTo(removed(Outcome.ASSUMED, NINETY_DAYS));
        assertThat(kinds()).isEmpty();
        assertThat(sandbox.store().runs(RunQuery.ofJob("visits").filesRemain())).isEmpty();
    }
}
