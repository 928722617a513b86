package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes uploaded files that will not be published. Used by one thread. */
public final class TemporaryFiles {

    private static final Logger log = LoggerFactory.getLogger(TemporaryFiles.class);

    private final RunDelivery delivery;
    private final Destinations destinations;

    TemporaryFiles(RunDelivery delivery, Destinations destinations) {
        this.delivery = delivery;
        this.destinations = destinations;
    }

    /** Removes the uploads of a run that published nothing. A file that can't be removed is logged and stays. */
    public static void removeAll(ExportJob job, RunLedger ledger, RunServices services, ExportRun run) {
        RunDelivery delivery = new RunDelivery(job, ledger, services, RunMeter.unregistered(run, services.clock()));
        try (Destinations destinations = new Destinations(job.deliveries())) {
            TemporaryFiles files = new TemporaryFiles(delivery, destinations);
            run.deliveries().stream()
                    .filter(step -> destinations.has(step.delivery()))
                    .forEach(step -> files.remove(run, step, run.token()));
        }
    }

    /** Removes the temporary file that the lock owner with that token has uploaded. */
    void remove(ExportRun run, FileDelivery step, long token) {
        try {
            HostCalls.callDelivery(step.delivery(), "can't remove a temporary file", () -> {
                destinations.session(step.delivery()).discard(delivery.outgoing(run, step, token));
                return true;
            });
        } catch (ExportException e) {
            log.warn(
                    "A temporary file may be left at delivery '{}'; it is hidden and harmless (job={}, run={})",
                    step.delivery(),
                    run.job(),
                    run.number(),
                    e);
        }
    }
}
