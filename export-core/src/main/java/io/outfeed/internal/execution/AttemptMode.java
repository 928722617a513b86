package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import java.nio.file.Files;

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
                && !hasDamagedBytes(run)
                && hasBytes(services, run);
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

    private static boolean hasDamagedBytes(ExportRun run) {
        return run.failure()
                .filter(failure -> failure.code() == FailureCode.BYTES_CHANGED)
                .isPresent();
    }

    /** Another node may have staged it, or someone has deleted a file. */
    private static boolean hasBytes(RunServices services, ExportRun run) {
        return run.files().stream()
                .allMatch(file -> Files.exists(services.spool().path(run.number(), file)));
    }
}
