package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;

/** Whether the next attempt of a run stages it anew, or delivers the bytes that it has. */
enum AttemptMode {
    /** The windows are planned and read, for the latest covered fire time. */
    STAGE,
    /** The staged bytes are delivered where they are missing. */
    DELIVER;

    static AttemptMode of(RunServices services, ExportJob job, ExportRun run) {
        if (run.publishing() || run.released()) {
            return DELIVER;
        } else if (run.attemptCount() == 0) { // it has waited for an incident, whose failure is not its own
            return STAGE;
        }
        boolean sameJob = run.fingerprint().equals(Fingerprint.of(job));
        if (sameJob && isTaken(run)) { // another upload would be another copy
            return DELIVER;
        }
        boolean current = run.expectedPositions().isPresent()
                && sameJob
                && coversNoLaterFire(run)
                && !hasLostBytes(run)
                && services.bytes().mayProvide(run);
        return current ? DELIVER : STAGE;
    }

    private static boolean coversNoLaterFire(ExportRun run) {
        return run.coveredFires()
                .filter(fires -> run.fireTime().filter(fires.last()::equals).isEmpty())
                .isEmpty();
    }

    private static boolean isTaken(ExportRun run) {
        return run.failure()
                .filter(failure -> failure.code() == FailureCode.TEMPORARY_TAKEN)
                .isPresent();
    }

    /** An attempt has found that the bytes are damaged, or gone. */
    private static boolean hasLostBytes(ExportRun run) {
        return run.failure()
                .map(RunFailure::code)
                .filter(code -> code == FailureCode.BYTES_CHANGED || code == FailureCode.BYTES_ELSEWHERE)
                .isPresent();
    }
}
