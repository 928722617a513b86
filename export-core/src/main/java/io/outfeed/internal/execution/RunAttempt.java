package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.RunGuard;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.internal.delivery.Deliverer;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.delivery.PostponedException;
import io.outfeed.internal.delivery.StagedBytes;
import io.outfeed.internal.delivery.TemporaryFiles;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.RunCancelledException;
import io.outfeed.internal.incident.AttemptSigns;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.Backoff;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.run.Attempt;
import io.outfeed.run.Attempt.Outcome;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at a run, and what becomes of the run after it. Used by one thread. */
final class RunAttempt {

    private static final Logger log = LoggerFactory.getLogger(RunAttempt.class);

    private static final int RUNS_FOR_GUARDS = 20;

    private final RunServices services;
    private final ExportJob job;
    private final RunLedger ledger;
    private final TimeLimits.Limit limit;
    private final RunMeter meter;
    private final KnownDirectories directories;
    private final AttemptSigns signs;
    private ExportRun run;

    RunAttempt(
            RunServices services,
            ExportJob job,
            RunLedger ledger,
            TimeLimits.Limit limit,
            RunMeter meter,
            KnownDirectories directories,
            ExportRun run) {
        this.services = services;
        this.job = job;
        this.ledger = ledger;
        this.limit = limit;
        this.meter = meter;
        this.directories = directories;
        this.signs = new AttemptSigns(services.incidents(), job);
        this.run = run;
    }

    RunMeter meter() {
        return meter;
    }

    AttemptSigns signs() {
        return signs;
    }

    /** Remembers the windows that are being read, for the record of a failure. */
    void planned(ExportRun planned) {
        run = planned;
    }

    /** Returns the run as it is in the store; one that was being read, with its windows. */
    private ExportRun stored() {
        ExportRun stored = services.store().run(run.number()).orElse(run);
        return stored.status() == RunStatus.PLANNED
                ? RunBuilder.of(stored)
                        .windows(run.windows())
                        .clockOrigin(run.clockOrigin().orElse(null))
                        .build()
                : stored;
    }

    /** Performs the attempt; records a failure and throws it. */
    ExportRun perform(Function<RunAttempt, ExportRun> action) {
        return LogContext.of(run).call(() -> {
            try {
                return action.apply(this);
            } catch (RunCancelledException e) {
                return cancel(e);
            } catch (RuntimeException | Error failure) {
                recordFailure(failure);
                throw failure;
            }
        });
    }

    /** Stages the run, and delivers and commits it unless a guard objects. */
    ExportRun stageAndDeliver(UnaryOperator<ExportRun> stage) {
        run = stage.apply(run);
        meter.setStaged(run);
        Optional<String> objection = firstObjection();
        return objection.isPresent() ? hold(objection.get()) : deliverAndCommit(StagedBytes.Age.FRESH);
    }

    /** Delivers what is missing of a staged run, and commits it. */
    ExportRun deliverStaged() {
        Optional<String> ahead = run.publishing() ? Optional.empty() : aheadOfClock();
        return ahead.isPresent() ? hold(ahead.get()) : deliverAndCommit(StagedBytes.Age.STORED);
    }

    /** Returns why the run must not move positions by itself: they would be ahead of the clock. */
    private Optional<String> aheadOfClock() {
        return run.trigger().movesPositions() && !run.released()
                ? new PositionsAhead(services).objection(job, run)
                : Optional.empty();
    }

    private Optional<String> firstObjection() {
        if (!run.trigger().movesPositions()) {
            return Optional.empty();
        }
        Optional<String> ahead = aheadOfClock();
        if (ahead.isPresent() || job.guards().isEmpty()) {
            return ahead;
        }
        List<ExportRun> previous = services.store()
                .runs(RunQuery.ofJob(job.name())
                        .outcomes()
                        .status(RunStatus.COMMITTED, RunStatus.EMPTY)
                        .limit(RUNS_FOR_GUARDS));
        return job.guards().stream()
                .flatMap(guard -> objection(guard, previous).stream())
                .findFirst();
    }

    private Optional<String> objection(RunGuard guard, List<ExportRun> previous) {
        try {
            return guard.objection(run, previous);
        } catch (Throwable e) {
            throw new ExportException(
                    "a guard has failed (" + e.getClass().getName() + "): nothing was published; correct the guard, and"
                            + " the next run covers the window" + Context.of(run),
                    HostCalls.redact(e));
        }
    }

    private ExportRun hold(String objection) {
        log.warn(
                "Run {} of job '{}' is held, since {}: look at its files, then release or discard it",
                run.number(),
                run.job(),
                objection);
        run = ledger.save(RunBuilder.of(end(run, Outcome.HELD, Optional.empty()))
                .status(RunStatus.HELD)
                .note(withNote("held, since " + objection))
                .build());
        return run;
    }

    private String withNote(String more) {
        return run.note().isEmpty() ? more : run.note() + "; " + more;
    }

    private ExportRun deliverAndCommit(StagedBytes.Age age) {
        Deliverer deliverer = new Deliverer(job, ledger, services, meter, directories, signs, age);
        if (run.files().isEmpty()) { // it may have had files before it was planned anew
            run = TemporaryFiles.removeAll(job, ledger, services, run);
        } else {
            try {
                run = deliverer.deliver(run);
            } catch (PostponedException e) {
                if (!run.trigger().triedAgain()) {
                    throw e.refusal();
                }
                return postpone(e);
            }
        }
        run = ledger.commit(end(run, Outcome.COMPLETED, Optional.empty()));
        discardSuperseded();
        ExportRun ended = services.publishEnd(deliverer.copy(run));
        new PositionsAhead(services).pauseAfter(job, ended);
        return ended;
    }

    /** Of what runs keep for the next one, only that of the last run is needed. */
    private void discardSuperseded() {
        if (services.bytes().keepsForNextRun(run)) {
            run.expectedPositions()
                    .map(JobPositions::run)
                    .filter(before -> before > 0)
                    .flatMap(services.store()::run)
                    .ifPresent(services.bytes()::discardSuperseded);
        }
    }

    /** Lets the run wait for its delivery window, which is no failure, or for the receiver. */
    private ExportRun postpone(PostponedException why) {
        log.info("Run {} of job '{}' waits: {}", run.number(), run.job(), why.getMessage());
        ExportRun saved = services.store().run(run.number()).orElse(run);
        if (why.opensAt().isEmpty()) {
            RunFailure reason = new RunFailure(
                    FailureCode.NAME_AWAITED, "Occupied", String.valueOf(why.getMessage()), Optional.empty());
            return apply(saved, reason, why);
        }
        return ledger.save(RunBuilder.of(end(saved, Outcome.POSTPONED, Optional.empty()))
                .waiting(new Waiting(why.opensAt().get(), Waiting.Cause.DELIVERY_WINDOW))
                .build());
    }

    /** The request is in the store, and the run has published nothing. */
    private ExportRun cancel(RunCancelledException cancelled) {
        ExportRun saved = stored();
        String reason = ledger.cancelRequested(saved).orElseGet(cancelled::getMessage);
        log.info("Run {} of job '{}' is cancelled", run.number(), run.job());
        ExportRun ended = RunBuilder.of(end(saved, Outcome.STOPPED, Optional.empty()))
                .note("cancelled: " + reason)
                .build();
        return RunEnds.end(services, job, ledger, ended, RunStatus.CANCELLED);
    }

    private ExportRun end(ExportRun attempted, Outcome outcome, Optional<RunFailure> failure) {
        return AttemptLog.end(attempted, now(), outcome, failure);
    }

    private Instant now() {
        return services.clock().instant();
    }

    /** Records a failure: the run waits for its next attempt, is held, or ends. */
    private void recordFailure(Throwable failure) {
        boolean interrupted = Thread.interrupted(); // else the clean-up would be interrupted too
        try {
            ExportRun recorded = stored();
            if (recorded.status().ended()) { // it has committed, or another owner has ended it: then save throws
                ledger.save(recorded);
                return;
            }
            RunFailure reason = limit.exceeded(failure)
                    .orElseGet(() -> interrupted ? stopped(failure) : RunLedger.failure(failure));
            meter.fail(reason.code());
            if (reason.code() == FailureCode.DISK_FULL && !recorded.publishing() && !recorded.released()) {
                services.directory().delete(recorded.number()); // first: the failure itself needs space to be recorded
            }
            apply(recorded, reason, failure);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RunFailure stopped(Throwable failure) {
        RunFailure cause = RunLedger.failure(failure);
        return new RunFailure(FailureCode.STOPPED, cause.type(), cause.message(), cause.origin());
    }

    private ExportRun apply(ExportRun recorded, RunFailure reason, Throwable failure) {
        boolean stopped = reason.code() == FailureCode.STOPPED;
        Instant since = recorded.failingSince().orElse(now());
        NextStep next = NextStep.of(new NextStep.Facts(
                reason.code(),
                recorded.trigger().triedAgain() ? NextStep.Kind.EXPORT : NextStep.Kind.REQUEST,
                extent(recorded),
                !now().isBefore(since.plus(job.retryFor()))));
        ExportRun ended = end(
                recorded.publishing() // the deliverer has logged it
                        ? recorded
                        : RunLog.withFailure(recorded, now(), failure, 0),
                stopped ? Outcome.STOPPED : Outcome.FAILED,
                Optional.of(reason));
        RunBuilder failed = RunBuilder.of(ended).failure(reason);
        if (!stopped) {
            failed.failingSince(since);
        }
        if (next.waiting().isPresent()) {
            return waitFor(
                    failed.build(),
                    next.waiting().get(),
                    !stopped
                            && isAlarming(reason)
                            && recorded.attempts().stream().noneMatch(RunAttempt::isAlarming));
        }
        if (recorded.trigger().triedAgain() && !stopped) { // else the caller has the failure
            signs.report(reason, Optional.empty());
        }
        if (next == NextStep.HOLD) {
            ExportRun held = ledger.save(failed.status(RunStatus.HELD)
                    .note(withNote("held, since " + reason.message()))
                    .build());
            log.warn("Run {} of job '{}' is held: {}", held.number(), held.job(), reason.message());
            return held;
        }
        RunStatus status = next == NextStep.END_DEFERRED ? RunStatus.DEFERRED : RunStatus.FAILED;
        boolean interrupted = stopped || reason.code() == FailureCode.TIME_LIMIT_EXCEEDED;
        return interrupted
                ? RunEnds.endInterrupted(services, ledger, failed.build(), status)
                : RunEnds.end(services, job, ledger, failed.build(), status);
    }

    private static boolean isAlarming(Attempt attempt) {
        return attempt.outcome() == Outcome.FAILED
                && attempt.failure().filter(RunAttempt::isAlarming).isPresent();
    }

    /** A receiver may take its time. */
    private static boolean isAlarming(RunFailure failure) {
        return failure.code() != FailureCode.NAME_AWAITED;
    }

    private static NextStep.Extent extent(ExportRun run) {
        if (run.publishing()) {
            return NextStep.Extent.PUBLISHING;
        }
        return run.released() ? NextStep.Extent.RELEASED : NextStep.Extent.UNPUBLISHED;
    }

    /** An attempt that is interrupted again and again while the engine is open may interrupt itself. */
    private Waiting untilRestart(ExportRun stopped) {
        int before = AttemptLog.stopsInARow(stopped) - 1;
        return before == 0 || services.retries().isClosed()
                ? new Waiting(now(), Waiting.Cause.RESTART)
                : Backoff.after(stopped, Waiting.Cause.RESTART, before, now());
    }

    /** Where others wait for the same, one tries for all. */
    private Waiting withIncident(Waiting alone, ExportRun failed) {
        return failed.failure()
                .flatMap(reason -> signs.report(reason, Optional.of(alone.until())))
                .map(incident -> new Waiting(
                        incident.nextTryAt().orElse(alone.until()), alone.cause(), Optional.of(incident.id())))
                .orElse(alone);
    }

    private ExportRun waitFor(ExportRun failed, Waiting.Cause cause, boolean alarm) {
        Waiting waiting = cause == Waiting.Cause.RESTART
                ? untilRestart(failed)
                : withIncident(Backoff.after(failed, cause, AttemptLog.failuresInARow(failed), now()), failed);
        ExportRun saved = ledger.save(RunBuilder.of(failed).waiting(waiting).build());
        if (alarm) {
            services.listeners().publish(Kind.DELAYED, saved);
        }
        if (AttemptMode.of(services, job, saved) == AttemptMode.STAGE) {
            services.bytes().discard(saved); // a part of what is staged again
        }
        return saved;
    }
}
