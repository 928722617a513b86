package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.ExportRun;

/** Where it happened: the end of a message. */
final class Context {

    private Context() {}

    static String of(ExportRun run) {
        return " (job=" + run.job() + ", run=" + run.number() + ")";
    }

    static String of(ExportJob job) {
        return " (job=" + job.name() + ")";
    }
}
