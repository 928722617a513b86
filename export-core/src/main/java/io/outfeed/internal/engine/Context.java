package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.ExportRun;

/** Where it happened: the end of a message. */
final class Context {

    private Context() {}

    static String of(ExportRun run) {
        return " (" + names(run) + ")";
    }

    static String of(ExportJob job) {
        return " (" + names(job) + ")";
    }

    /** Without the parentheses, for a message that names more. */
    static String names(ExportRun run) {
        return "job=" + run.job() + ", run=" + run.number();
    }

    /** Without the parentheses, for a message that names more. */
    static String names(ExportJob job) {
        return "job=" + job.name();
    }
}
