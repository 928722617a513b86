package io.outfeed.examples;

import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Is notified of scheduled runs that have ended. A host would send a message, or count. */
final class RunWatch implements ExportListener {

    private final BlockingQueue<ExportRun> runs = new LinkedBlockingQueue<>();

    @Override
    public void onEvent(ExportEvent event) {
        if (event instanceof RunEvent of && of.kind().end() && of.run().trigger() == Trigger.SCHEDULED) {
            runs.add(of.run());
        }
    }

    /** Waits for the next scheduled run, which must be a success. */
    ExportRun await(Duration limit) throws InterruptedException {
        ExportRun run = runs.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (run == null) {
            throw new IllegalStateException("no scheduled run has ended within " + limit);
        }
        if (run.status() != RunStatus.COMMITTED) {
            throw new IllegalStateException(run + ", " + run.failure());
        }
        return run;
    }
}
