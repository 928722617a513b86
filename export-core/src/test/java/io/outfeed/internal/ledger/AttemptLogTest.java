package io.outfeed.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.Attempt;
import io.outfeed.run.Attempt.Outcome;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptLogTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static ExportRun run(Outcome... outcomes) {
        ExportRun run = RunBuilder.planned(7, "visits", Trigger.SCHEDULED, NOON).build();
        for (Outcome outcome : outcomes) {
            run = AttemptLog.begin(run, NOON.plusSeconds(run.attemptCount()));
            if (outcome != Outcome.IN_PROGRESS) {
                run = AttemptLog.end(run, NOON.plusSeconds(60), outcome, Optional.empty());
            }
        }
        return run;
    }

    private static Outcome[] failures(int count) {
        return IntStream.range(0, count).mapToObj(i -> Outcome.FAILED).toArray(Outcome[]::new);
    }

    @Test
    void should_keep_the_first_five_attempts_and_the_last_twenty() {
        List<Integer> all = IntStream.rangeClosed(1, 25).boxed().toList();
        assertThat(run(failures(25)).attempts()).extracting(Attempt::number).containsExactlyElementsOf(all);

        ExportRun many = run(failures(100));

        assertThat(many.attemptCount()).isEqualTo(100);
        assertThat(many.attempts())
                .extracting(Attempt::number)
                .containsExactlyElementsOf(IntStream.concat(IntStream.rangeClosed(1, 5), IntStream.rangeClosed(81, 100))
                        .boxed()
                        .toList());
    }

    @Test
    void should_know_the_attempt_in_progress() {
        assertThat(AttemptLog.current(run())).isEmpty();
        assertThat(AttemptLog.current(run(Outcome.FAILED))).isEmpty();
        assertThat(AttemptLog.current(run(Outcome.FAILED, Outcome.IN_PROGRESS)))
                .map(Attempt::number)
                .contains(2);
    }

    @Test
    void should_end_an_attempt_once() {
        ExportRun ended = run(Outcome.STOPPED);

        assertThat(AttemptLog.end(ended, NOON, Outcome.CRASHED, Optional.empty()))
                .isSameAs(ended);
    }

    @Test
    void should_say_how_far_the_run_had_come() {
        ExportRun planned = run(Outcome.IN_PROGRESS);
        ExportRun staged =
                RunBuilder.of(planned).expectedPositions(JobPositions.NONE).build();
        ExportRun stagedRequest = RunBuilder.of(planned)
                .files(List.of(new StagedFile("visits", "", "visits.csv", 1, 10, "0".repeat(64))))
                .build();
        ExportRun publishing =
                RunBuilder.of(staged).status(RunStatus.PUBLISHING).build();

        assertThat(List.of(planned, staged, stagedRequest, publishing))
                .extracting(run -> AttemptLog.end(run, NOON, Outcome.FAILED, Optional.empty())
                        .attempts()
                        .get(0)
                        .reached())
                .containsExactly(RunStatus.PLANNED, RunStatus.STAGED, RunStatus.STAGED, RunStatus.PUBLISHING);
    }

    @Test
    void should_count_crashes_in_a_row_beyond_attempts_that_the_engine_stopped() {
        assertThat(AttemptLog.crashesInARow(run())).isZero();
        assertThat(AttemptLog.crashesInARow(run(Outcome.CRASHED, Outcome.STOPPED, Outcome.CRASHED)))
                .isEqualTo(2);
        assertThat(AttemptLog.crashesInARow(run(Outcome.CRASHED, Outcome.FAILED, Outcome.CRASHED)))
                .isEqualTo(1);
        assertThat(AttemptLog.crashesInARow(run(Outcome.CRASHED, Outcome.POSTPONED)))
                .isZero();
    }

    @Test
    void should_count_failures_in_a_row_beyond_crashes() {
        assertThat(AttemptLog.failuresInARow(run(
                        Outcome.FAILED,
                        Outcome.POSTPONED,
                        Outcome.FAILED,
                        Outcome.CRASHED,
                        Outcome.STOPPED,
                        Outcome.FAILED)))
                .isEqualTo(2);
    }
}
