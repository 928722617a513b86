package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.support.InMemoryTempDir;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with 10,000 runs: what an operator does with it must not read them all. Prints how long that takes. */
class LongHistoryTest {

    private static final int RUNS = 10_000;
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    @Test
    void should_open_and_list_without_reading_all_runs() {
        try (FileStore store = FileStore.open(directory);
                JobLock lock = store.tryLock("visits").orElseThrow()) {
            for (int i = 0; i < RUNS; i++) {
                assertThat(store.append(lock, RunStep.whole(run(store)))).isTrue();
            }
            store.restorePositions(lock, new JobPositions(Map.of(), RUNS, RUNS));
        }

        long begin = System.nanoTime();
        try (FileStore store = FileStore.open(directory)) {
            long opened = System.nanoTime();
            List<ExportRun> newest = store.runs(RunQuery.ofJob("visits").limit(50));
            long listed = System.nanoTime();
            List<ExportRun> again = store.runs(RunQuery.ofJob("visits").limit(50));
            long listedAgain = System.nanoTime();
            List<ExportRun> unfinished = store.unfinishedRuns("visits");
            ExportRun oldest = store.run(1).orElseThrow();
            long found = System.nanoTime();
            JobRecord record = store.jobRecords(List.of("visits")).get(0);
            long summed = System.nanoTime();
            List<ExportRun> failed =
                    store.runs(RunQuery.ofJob("visits").status(RunStatus.FAILED).limit(50));
            long filtered = System.nanoTime();
            List<ExportRun> failedAgain =
                    store.runs(RunQuery.all().status(RunStatus.FAILED).limit(50));
            long filteredAgain = System.nanoTime();

            System.out.printf(
                    "%d runs: opened in %.1f ms, 50 listed in %.1f ms and again in %.1f ms, one and the unfinished"
                            + " found in %.1f ms, the job's record read in %.1f ms, by status in %.1f ms and again in"
                            + " %.1f ms%n",
                    RUNS,
                    (opened - begin) / 1e6,
                    (listed - opened) / 1e6,
                    (listedAgain - listed) / 1e6,
                    (found - listedAgain) / 1e6,
                    (summed - found) / 1e6,
                    (filtered - summed) / 1e6,
                    (filteredAgain - filtered) / 1e6);
            assertThat(record.lastOutcome().map(ExportRun::number)).contains((long) RUNS);
            assertThat(failed).extracting(ExportRun::number).containsExactly(3L);
            assertThat(failedAgain).extracting(ExportRun::number).containsExactly(3L);
            assertThat(again)
                    .extracting(ExportRun::number)
                    .isEqualTo(newest.stream().map(ExportRun::number).toList());
            assertThat(newest)
                    .hasSize(50)
                    .extracting(ExportRun::number)
                    .startsWith((long) RUNS, RUNS - 1L)
                    .endsWith(RUNS - 49L);
            assertThat(unfinished).isEmpty();
            assertThat(oldest.startedAt()).isEqualTo(START);
        }
    }

    private static ExportRun run(ExportStore store) {
        long number = store.newRunNumber();
        Instant at = START.plus(Duration.ofHours(number - 1));
        return RunBuilder.planned(number, "visits", Trigger.SCHEDULED, at)
                .status(number == 3 ? RunStatus.FAILED : RunStatus.COMMITTED)
                .endedAt(at.plusSeconds(1))
                .build();
    }
}
