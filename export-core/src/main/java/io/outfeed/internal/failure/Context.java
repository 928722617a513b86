package io.outfeed.internal.failure;

import io.outfeed.ExportJob;
import io.outfeed.run.ExportRun;

/** The end of a message, which names the job and the run. */
public final class Context {

    private Context() {}

    public static String of(ExportRun run) {
        return " (" + names(run) + ")";
    }

    public static String of(ExportJob job) {
        return " (" + names(job) + ")";
    }

    /** Without the parentheses, for a message that names more. */
    public static String names(ExportRun run) {
        return "job=" + run.job() + ", run=" + run.number();
    }

    /** Without the parentheses, for a message that names more. */
    public static String names(ExportJob job) {
        return "job=" + job.name();
    }
}
