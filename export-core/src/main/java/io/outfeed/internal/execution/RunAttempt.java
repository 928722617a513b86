package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.internal.delivery.Deliverer;
import io.outfeed.internal.delivery.OldFileException;
import io.outfeed.internal.delivery.StagedBytes;
import io.outfeed.internal.delivery.TemporaryFiles;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a run, from staging to the commit; cleans up after a failure. Used by one thread. */
final class RunAttempt {

    private static final Logger log = LoggerFactory.getLogger(RunAttempt.class);

    private static final int RUNS_FOR_GUARDS = 20;

    private final RunServices services;
    private final ExportJob job;
    private final RunLedger ledger;
    private final TimeLimits.Limit limit;
    private final RunMeter meter;
    private ExportRun run;

    RunAttempt(
            RunServices services,
            ExportJob job,
            RunLedger ledger,
            TimeLimits.Limit limit,
            RunMeter meter,
            ExportRun run) {
        this.services = services;
        this.job = job;
        this.ledger = ledger;
        this.limit = limit;
        this.meter = meter;
        this.run = run;
    }

    /** Stages, delivers and commits the run; records a failure and throws it. */
    ExportRun run(UnaryOperator<ExportRun> stage) {
        return LogContext.of(run).call(() -> stageAndDeliver(stage));
    }

    private ExportRun stageAndDeliver(UnaryOperator<ExportRun> stage) {
        try {
            run = stage.apply(run);
            meter.setStaged(run);
            Optional<String> objection = firstObjection();
            return objection.isPresent() ? hold(objection.get()) : deliverAndCommit(StagedBytes.Age.FRESH);
        } catch (RuntimeException | Error failure) {
            recordFailure(failure);
            throw failure;
        }
    }

    /** Delivers and commits a staged run. */
    ExportRun resume() {
        return LogContext.of(run).call(this::deliverStaged);
    }

    private ExportRun deliverStaged() {
        try {
            return deliverAndCommit(StagedBytes.Age.STORED);
        } catch (RuntimeException | Error failure) {
            recordFailure(failure);
            throw failure;
        }
    }

    private Optional<String> firstObjection() {
        if (job.guards().isEmpty() || !run.trigger().movesPositions()) {
            return Optional.empty();
        }
        List<ExportRun> previous = services.store()
                .runs(RunQuery.ofJob(job.name())
                        .outcomes()
                        .status(RunStatus.COMMITTED, RunStatus.EMPTY)
                        .limit(RUNS_FOR_GUARDS));
        return job.guards().stream()
                .flatMap(guard -> guard.objection(run, previous).stream())
                .findFirst();
    }

    private ExportRun hold(String objection) {
        log.warn(
                "Run {} of job '{}' is held, since {}: look at its files, then release or discard it",
                run.number(),
                run.job(),
                objection);
        run = ledger.save(RunBuilder.of(run)
                .status(RunStatus.HELD)
                .note(withNote("held, since " + objection))
                .build());
        return run;
    }

    private String withNote(String more) {
        return run.note().isEmpty() ? more : run.note() + "; " + more;
    }

    private ExportRun deliverAndCommit(StagedBytes.Age age) {
        Deliverer deliverer = new Deliverer(job, ledger, services, meter, age);
        if (!run.files().isEmpty()) {
            try {
                run = deliverer.deliver(run);
            } catch (OldFileException e) {
                return waitForReceiver(e);
            }
        }
        run = ledger.commit(run);
        return services.publishEnd(deliverer.copy(run));
    }

    private ExportRun waitForReceiver(OldFileException why) {
        log.info("Run {} of job '{}' {}", run.number(), run.job(), why.getMessage());
        TemporaryFiles.removeAll(job, ledger, services, run);
        services.spool().delete(run.number());
        String note = withNote(String.valueOf(why.getMessage()));
        return services.publishEnd(ledger.end(RunBuilder.of(run).note(note).build(), RunStatus.DEFERRED));
    }

    /** Records a failure, and removes the files unless a receiver may have seen some of them. */
    private void recordFailure(Throwable failure) {
        boolean interrupted = Thread.interrupted(); // else the clean-up would be interrupted too
        try {
            ExportRun recorded = services.store().run(run.number()).orElse(run);
            if (recorded.status().ended()) { // it has committed, or another owner has ended it: then save throws
                ledger.save(recorded);
                return;
            }
            if (Recovery.mustBeFinished(recorded)) {
                services.listeners().publish(Kind.DELAYED, recorded);
                return;
            }
            Optional<RunFailure> tooLong = limit.exceeded();
            ExportRun failed = ledger.save(
                    RunBuilder.of(RunLog.withFailure(recorded, services.clock().instant(), failure, 0))
                            .failure(tooLong.orElseGet(() -> RunLedger.failure(failure)))
                            .build()); // throws if the lock was lost
            TemporaryFiles.removeAll(job, ledger, services, failed);
            services.spool().delete(failed.number());
            services.publishEnd(ledger.end(failed, RunStatus.FAILED));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
