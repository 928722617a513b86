package io.outfeed.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.store.ExportStore;
import java.util.List;

/** The runs of a job, for assertions. */
public final class Runs {

    private Runs() {}

    /** Returns the newest runs of a job, newest first. */
    public static List<ExportRun> newest(ExportEngine engine, JobHandle job, int limit) {
        return newest(engine, job.job().name(), limit);
    }

    /** Returns the newest runs of a job, newest first. */
    public static List<ExportRun> newest(ExportEngine engine, String job, int limit) {
        return engine.runs(RunQuery.ofJob(job).limit(limit)).runs();
    }

    /** Verifies that what passes made attempts and ended no run, and that each fire time had one run. */
    public static void checkSettled(String what, ExportStore store, String job, long fireTimes) {
        List<ExportRun> runs = store.runs(RunQuery.ofJob(job).limit(100));
        assertThat(store.unfinishedRuns(job)).as(what).isEmpty();
        assertThat(runs)
                .as("%s: what passes makes attempts, and ends no run", what)
                .noneMatch(run -> run.status() == RunStatus.FAILED);
        assertThat(committed(store, job)).as(what).hasSize((int)
                store.positions(job).sequence());
        assertThat(runs.stream()
                        .filter(run -> run.status() != RunStatus.SKIPPED)
                        .flatMap(run -> run.coveredFires().stream())
                        .mapToLong(CoveredFires::count)
                        .sum())
                .as("%s: each fire time once", what)
                .isEqualTo(fireTimes);
    }

    /** Verifies that runs followed the fire times that joined them. */
    public static void checkFireTimes(String what, ExportStore store, String job) {
        assertThat(committed(store, job))
                .as("%s: each run is for the last fire time that it covers", what)
                .allMatch(run -> run.fireTime().equals(run.coveredFires().map(CoveredFires::last)));
    }

    /** Returns the runs of a job that have committed, newest first. */
    public static List<ExportRun> committed(ExportStore store, String job) {
        return store.runs(RunQuery.ofJob(job).status(RunStatus.COMMITTED).limit(100));
    }
}
