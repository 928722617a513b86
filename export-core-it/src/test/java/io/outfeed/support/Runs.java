package io.outfeed.support;

import io.outfeed.ExportEngine;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
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
}
