package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.internal.delivery.TemporaryFiles;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;

/** Ends runs that published nothing, or whose caller got the failure. */
final class RunEnds {

    private RunEnds() {}

    /**
     * Ends a run without a commit: removes its temporary files and, unless it is unconfirmed, its staged bytes. It is
     * saved first, so that the clean-up of another owner's run fails; what can't be removed stays in the ledger.
     */
    static ExportRun end(RunServices services, ExportJob job, RunLedger ledger, ExportRun run, RunStatus status) {
        ExportRun saved = ledger.save(run); // throws if the lock was lost
        return end(services, ledger, saved, TemporaryFiles.removeAll(job, ledger, services, saved), status);
    }

    /**
     * Ends a run whose attempt was interrupted, perhaps since a destination does not answer: none is contacted, and its
     * temporary files stay in the ledger for the next run of the job.
     */
    static ExportRun endInterrupted(RunServices services, RunLedger ledger, ExportRun run, RunStatus status) {
        ExportRun saved = ledger.save(run); // throws if the lock was lost
        return end(services, ledger, saved, TemporaryFiles.leaveAll(services, saved), status);
    }

    private static ExportRun end(
            RunServices services, RunLedger ledger, ExportRun saved, ExportRun cleaned, RunStatus status) {
        if (!saved.unconfirmed()) { // else its bytes may be sent again
            services.bytes().discard(saved);
        }
        return services.publishEnd(ledger.end(cleaned, status));
    }
}
