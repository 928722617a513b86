package io.outfeed.console.internal.part;

import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import java.util.Optional;

/** Identifies what the page of a job or a run shows: another one is loaded anew. */
public final class RunState {

    private RunState() {}

    public static String of(JobSummary job) {
        return job.status() + "-"
                + job.current().map(run -> of(run, job.progress())).orElse("") + "-"
                + job.lastOutcome().map(run -> Long.toString(run.number())).orElse("");
    }

    public static String of(ExportRun run, Optional<RunProgress> progress) {
        return run.number() + "-" + run.status() + "-" + run.attemptCount() + "-" + run.unconfirmed() + "-"
                + run.log().size()
                + progress.map(now -> "-" + now.step() + "-"
                                + (now.percent().isPresent() ? now.percent().getAsInt() : ""))
                        .orElse("");
    }
}
