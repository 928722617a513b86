package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import java.util.Optional;

/**
 * Follows attempts and their steps on the thread of the run, as tracing needs it. For all else an
 * {@link ExportListener} is better: it can't slow down a run.
 *
 * <p>Called by the thread that executes a run, be it a worker or that of a caller, and by several at once. Each span
 * that was begun is ended, by the same thread, the last one first. An implementation returns soon: the run waits for
 * it. An exception that it throws is logged, and has no effect on the run.
 */
public interface RunObserver {

    /** A stretch of time that has begun. */
    interface Span {

        /** Does nothing. */
        Span NONE = end -> {};

        /**
         * Ends the span.
         *
         * @param end how it ended
         */
        void end(End end);
    }

    /**
     * How a span ended. Immutable.
     *
     * @param failed whether it failed
     * @param code the kind of the failure; empty if it did not fail, or if what it did is tried again in this attempt
     * @param status what the run has reached at the end of an attempt; empty of a step
     */
    record End(boolean failed, Optional<FailureCode> code, Optional<RunStatus> status) {

        /**
         * Makes an end.
         *
         * @param failed whether it failed
         * @param code the kind of the failure
         * @param status what the run has reached
         */
        public End {
            requireNonNull(code, "code");
            requireNonNull(status, "status");
        }
    }

    /**
     * An attempt begins.
     *
     * @param run the run, as it was when the attempt began
     * @return what is told of its end
     */
    Span beginAttempt(ExportRun run);

    /**
     * A step of the attempt begins: a definition is read or written, or a file is uploaded, published or copied to one
     * destination. Retries belong to it.
     *
     * @param progress the step, with what it is about
     * @return what is told of its end
     */
    Span beginStep(RunProgress progress);
}
