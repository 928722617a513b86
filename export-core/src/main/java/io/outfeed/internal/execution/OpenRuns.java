package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.run.Backoff;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.Attempt.Outcome;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles what an earlier process, node or attempt left open. Thread-safe. */
final class OpenRuns {

    private static final Logger log = LoggerFactory.getLogger(OpenRuns.class);

    /** How many attempts in a row may crash before a run is ended or held: the job may be what crashes the process. */
    private static final int CRASHES = 3;

    private final RunServices services;

    OpenRuns(RunServices services) {
        this.services = services;
    }

    /**
     * Records crashes, ends runs that had committed and interrupted requests, and returns the run that remains.
     *
     * @return the run that waits or is held; empty if a new one may be planned
     * @throws StoreException if the run is older than the positions of the store
     */
    Optional<ExportRun> settle(ExportJob job, RunLedger ledger) {
        Optional<ExportRun> open = Optional.empty();
        for (ExportRun run : services.store().unfinishedRuns(job.name())) {
            if (isChunk(job, run)) {
                continue; // the backfill settles it
            }
            Optional<ExportRun> remaining = LogContext.of(run).call(() -> settle(job, ledger, run));
            if (remaining.isPresent()) {
                open = remaining;
            }
        }
        return open;
    }

    private Optional<ExportRun> settle(ExportJob job, RunLedger ledger, ExportRun run) {
        long committed = services.store().positions(job.name()).run();
        if (committed == run.number()) {
            log.info("Run {} of job '{}' had committed before it was interrupted", run.number(), run.job());
            services.publishEnd(ledger.committed(
                    AttemptLog.end(run, services.clock().instant(), Outcome.COMPLETED, Optional.empty())));
            return Optional.empty();
        }
        if (!run.trigger().movesPositions()) {
            endRequest(job, ledger, run);
            return Optional.empty();
        }
        if (committed > run.number()) { // an old file of the store was restored
            throw StoreException.of(
                    FailureCode.STORE_DAMAGED,
                    "run " + committed + " has committed since: an older one must not move the positions back; "
                            + (run.publishing()
                                    ? "look at the destinations, then call giveUp(reason) on engine.run(" + run.number()
                                            + ")"
                                    : "call cancel(reason) on engine.run(" + run.number() + ")")
                            + Context.of(run),
                    null);
        }
        return settleOpen(job, ledger, run);
    }

    /** Records a crash or a cancellation of a run that is tried again, and returns the run unless it has ended. */
    Optional<ExportRun> settleOpen(ExportJob job, RunLedger ledger, ExportRun run) {
        Optional<String> cancelled = run.publishing() ? Optional.empty() : ledger.cancelRequested(run);
        if (cancelled.isPresent()) { // its attempt was interrupted before it noticed
            Instant now = services.clock().instant();
            ExportRun ended = RunBuilder.of(AttemptLog.end(run, now, Outcome.STOPPED, Optional.empty()))
                    .note("cancelled: " + cancelled.get())
                    .build();
            RunEnds.end(services, job, ledger, ended, RunStatus.CANCELLED);
            return Optional.empty();
        }
        if (run.status() == RunStatus.WAITING) {
            return Optional.of(limitBackoff(job, ledger, run));
        }
        return run.status() == RunStatus.HELD ? Optional.of(run) : recordCrash(job, ledger, run);
    }

    /** Tells whether the backfill of the job has the run: it may be that of one which was removed with its job. */
    private boolean isChunk(ExportJob job, ExportRun run) {
        return run.trigger() == Trigger.BACKFILL_CHUNK
                && services.states()
                        .backfill(job.name())
                        .filter(progress -> progress.run().equals(OptionalLong.of(run.number())))
                        .isPresent();
    }

    /** Saves the backoff that a clock which went back would hide, so that it ends within an hour. */
    private ExportRun limitBackoff(ExportJob job, RunLedger ledger, ExportRun run) {
        Waiting waiting = run.waiting().orElseThrow();
        Instant due =
                Backoff.due(waiting, job.deliveryWindow(), services.clock().instant());
        if (waiting.cause() == Waiting.Cause.DELIVERY_WINDOW || !due.isBefore(waiting.until())) {
            return run;
        }
        return ledger.save(RunBuilder.of(run)
                .waiting(new Waiting(due, waiting.cause(), waiting.incident()))
                .build());
    }

    private Optional<ExportRun> recordCrash(ExportJob job, RunLedger ledger, ExportRun run) {
        Instant now = services.clock().instant();
        RunFailure crash = new RunFailure(
                FailureCode.CRASHED,
                "Crashed",
                run.publishing()
                        ? "the process ended while the run was published: the run continues with its own bytes"
                        : "the process ended before anything was published: the run is tried again",
                Optional.empty());
        ExportRun ended = RunBuilder.of(AttemptLog.end(run, now, Outcome.CRASHED, Optional.of(crash)))
                .failure(crash)
                .build();
        int crashes = AttemptLog.crashesInARow(ended);
        log.info("Run {} of job '{}' was interrupted, attempt {}", run.number(), run.job(), run.attemptCount());
        if (crashes < CRASHES) {
            return Optional.of(ledger.save(RunBuilder.of(ended)
                    .waiting(new Waiting(now, Waiting.Cause.RESTART))
                    .build()));
        }
        if (run.publishing()) {
            log.warn("Run {} of job '{}' is held after {} crashes in a row", run.number(), run.job(), crashes);
            return Optional.of(ledger.save(RunBuilder.of(ended)
                    .status(RunStatus.HELD)
                    .note("held, since " + crashes + " attempts in a row were interrupted by the end of the process:"
                            + " find out whether the job ends it, then release the run, or give it up")
                    .build()));
        }
        RunEnds.end(services, job, ledger, ended, RunStatus.FAILED);
        return Optional.empty();
    }

    /** The caller of a request has got no answer; it is not tried again. */
    private void endRequest(ExportJob job, RunLedger ledger, ExportRun run) {
        RunFailure failure = new RunFailure(
                FailureCode.CRASHED,
                "Crashed",
                run.publishing()
                        ? "the process ended while the run was published: look at the destinations, then ask again"
                        : "the process ended before anything was published: ask again",
                Optional.empty());
        ExportRun ended = AttemptLog.end(run, services.clock().instant(), Outcome.CRASHED, Optional.of(failure));
        RunEnds.end(
                services,
                job,
                ledger,
                RunBuilder.of(ended).failure(run.failure().orElse(failure)).build(),
                RunStatus.FAILED);
    }
}
