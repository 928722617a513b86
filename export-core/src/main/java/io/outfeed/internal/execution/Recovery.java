package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.StoreException;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.internal.delivery.Deliverer;
import io.outfeed.internal.delivery.StagedBytes;
import io.outfeed.internal.delivery.TemporaryFiles;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends interrupted runs, as the ledger has them. Thread-safe. */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final RunServices services;

    Recovery(RunServices services) {
        this.services = services;
    }

    /**
     * Drops runs that published nothing, and finishes those that may have published something.
     *
     * @return whether there was an unfinished run
     * @throws ExportException if a run can't be finished yet; no new window may be planned then
     * @throws RunHeldException if a run is held
     */
    boolean finish(ExportJob job, RunLedger ledger) {
        List<ExportRun> unfinished = services.store().unfinishedRuns(job.name());
        for (ExportRun run : unfinished) {
            LogContext.of(run).run(() -> finish(job, ledger, run));
        }
        return !unfinished.isEmpty();
    }

    private void finish(ExportJob job, RunLedger ledger, ExportRun run) {
        long committed = services.store().positions(job.name()).run();
        if (committed > run.number() && mustBeFinished(run)) { // an old file of the store was restored
            throw new StoreException(
                    "run " + committed + " has committed since: an older one must not move the positions back;"
                            + " remove it from the store" + Context.of(run),
                    null);
        }
        if (committed == run.number()) {
            log.info("Run {} of job '{}' had committed before it was interrupted", run.number(), run.job());
            services.publishEnd(ledger.committed(run));
        } else if (mustBeFinished(run)) {
            publishRest(job, ledger, run);
        } else if (run.status() == RunStatus.HELD) {
            throw new RunHeldException(
                    "run " + run.number() + " is held (" + run.note() + "): look at its files, then call release()"
                            + " or discard() on engine.run(" + run.number() + ")" + Context.of(run),
                    run.number());
        } else {
            drop(job, ledger, run);
        }
    }

    /**
     * Whether a receiver may have seen a part of a run, so that only its own bytes may follow. Runs on request, such as
     * a redelivery, are not resumed: their caller got the failure.
     */
    static boolean mustBeFinished(ExportRun run) {
        return run.status() == RunStatus.PUBLISHING && run.trigger().movesPositions();
    }

    private void publishRest(ExportJob job, RunLedger ledger, ExportRun run) {
        log.info("Finishing the publication of run {} of job '{}'", run.number(), run.job());
        try (RunMeter meter = services.meters().open(run)) {
            services.timeLimits().watch(job, () -> {
                Deliverer deliverer = new Deliverer(job, ledger, services, meter, StagedBytes.Age.STORED);
                services.publishEnd(deliverer.copy(ledger.commit(deliverer.finish(run))));
            });
        } catch (ExportException e) {
            services.store()
                    .run(run.number())
                    .ifPresent(now -> services.listeners().publish(Kind.DELAYED, now));
            throw e;
        }
    }

    private void drop(ExportJob job, RunLedger ledger, ExportRun run) {
        boolean mayBeSeen = run.status() == RunStatus.PUBLISHING;
        log.info(
                "Dropping run {} of job '{}', which was interrupted{}",
                run.number(),
                run.job(),
                mayBeSeen ? "; its files may have been published" : "; its window is exported again");
        TemporaryFiles.removeAll(job, ledger, services, run);
        services.spool().delete(run.number());
        RunFailure failure = new RunFailure(
                FailureCode.CRASHED,
                "Interrupted",
                mayBeSeen
                        ? "interrupted while it was published: look at the destinations, then ask again"
                        : "interrupted before anything was published: the next run covers its window",
                Optional.empty());
        services.publishEnd(ledger.end(
                RunBuilder.of(run).failure(run.failure().orElse(failure)).build(), RunStatus.FAILED));
    }
}
