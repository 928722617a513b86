package io.outfeed.internal.failure;

import io.outfeed.error.ExportException;

/** Thrown within an attempt whose run was cancelled before it published anything. Callers of the engine get the run. */
public final class RunCancelledException extends ExportException {

    private static final long serialVersionUID = 1L;

    public RunCancelledException(long run) {
        super("run " + run + " was cancelled: nothing was published, and the next run covers its window");
    }
}
