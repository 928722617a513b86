package io.outfeed.internal.delivery;

import io.outfeed.internal.ledger.RunLog;
import io.outfeed.run.DeliveryState;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import java.time.Instant;

/** The lines that a run's own log has of a destination. */
final class DestinationLog {

    private DestinationLog() {}

    /** Adds a line when all files of a run have reached a state at a destination; else returns the very run. */
    static ExportRun with(
            ExportRun run, String delivery, DeliveryState state, RunPhase phase, Instant at, RetryingCalls calls) {
        boolean done = DeliverySteps.at(run, delivery).stream().allMatch(step -> step.state() == state);
        return done ? RunLog.with(run, at, phase, delivery, calls.takeTries(delivery)) : run;
    }
}
