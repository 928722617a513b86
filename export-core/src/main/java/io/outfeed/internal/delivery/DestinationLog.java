package io.outfeed.internal.delivery;

import io.outfeed.internal.ledger.RunLog;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import io.outfeed.run.file.DeliveryState;
import java.time.Instant;

/** Adds the entries of a destination to the log of a run. */
final class DestinationLog {

    private DestinationLog() {}

    /** Adds an entry if all files of a run have reached a state at a destination; else returns the same run. */
    static ExportRun with(
            ExportRun run, String delivery, DeliveryState state, RunPhase phase, Instant at, RetryingCalls calls) {
        boolean done = DeliverySteps.ofDelivery(run, delivery).stream().allMatch(step -> step.state() == state);
        return done ? RunLog.with(run, at, phase, delivery, calls.takeTries(delivery)) : run;
    }
}
