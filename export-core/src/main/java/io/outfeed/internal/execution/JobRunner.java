package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.RunHeldException;
import io.outfeed.error.StoreException;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.files.RunSequence;
import io.outfeed.internal.incident.Incidents.Block;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.run.HostClock;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.source.Window;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Plans and executes the runs of a job, for fire times or on request, under the job's lock. Thread-safe. */
public final class JobRunner {

    private final RunServices services;
    private final Attempts attempts;
    private final OpenRuns openRuns;

    public JobRunner(RunServices services) {
        this.services = services;
        this.attempts = new Attempts(services);
        this.openRuns = new OpenRuns(services);
    }

    /** Returns the run that waits or is held, after crashes were recorded; see {@link OpenRuns#settle}. */
    public Optional<ExportRun> settle(ExportJob job, JobLock lock) {
        return openRuns.settle(job, services.ledger(lock));
    }

    /** Pauses a job whose position is ahead of the clock, before the clock has caught up and hides that. */
    public void pauseIfAhead(ExportJob job) {
        new PositionsAhead(services).pauseIfAhead(job);
    }

    /** @param positions those of the job */
    public void pauseIfAhead(ExportJob job, JobPositions positions) {
        new PositionsAhead(services).pauseIfAhead(job, positions);
    }

    /** Pauses a job of which runs were planned while the clock was ahead; called when it was set back. */
    public void pauseIfPlannedAhead(ExportJob job) {
        new PositionsAhead(services).pauseIfPlannedAhead(job);
    }

    // ---- new runs

    /**
     * A planned run that was saved, for its first attempt under the same lock.
     *
     * @param before the positions of its job
     * @param state what is remembered of its job
     */
    public record PlannedRun(ExportRun run, JobPositions before, JobState state) {}

    /**
     * Saves a planned run for fire times, and claims them. Returns empty if they were claimed before.
     *
     * @param state what is remembered of the job, read under the lock
     */
    public Optional<PlannedRun> plan(
            ExportJob job, JobLock lock, CoveredFires fires, FirePlan.Claim claim, JobState state) {
        JobPositions before = services.store().positions(job.name()); // before a run is on record: they may be damaged
        ExportRun planned = attempts.newRun(job, lock, Trigger.SCHEDULED);
        return ledger(lock)
                .claim(
                        claim,
                        RunBuilder.of(planned)
                                .fireTime(fires.last())
                                .coveredFires(fires)
                                .build())
                .map(run -> new PlannedRun(run, before, state));
    }

    /**
     * Saves a run for fire times that no attempt is made for, since an incident keeps the job from trying, and claims
     * them. Returns empty if they were claimed before.
     */
    public Optional<ExportRun> planBlocked(
            ExportJob job, JobLock lock, CoveredFires fires, FirePlan.Claim claim, Block block) {
        ExportRun unattempted = RunBuilder.of(attempts.unattempted(job, lock, Trigger.SCHEDULED))
                .fireTime(fires.last())
                .coveredFires(fires)
                .failingSince(services.clock().instant())
                .failure(new RunFailure(
                        block.incident().code(), "Incident", block.incident().message(), Optional.empty()))
                .build();
        return ledger(lock)
                .claim(
                        claim,
                        RunBuilder.of(unattempted)
                                .waiting(waiting(unattempted, block))
                                .build());
    }

    /** Lets a run wait for an incident. */
    public ExportRun await(JobLock lock, ExportRun open, Block block) {
        Waiting waiting = waiting(open, block);
        return open.waiting().filter(waiting::equals).isPresent()
                ? open
                : ledger(lock).save(RunBuilder.of(open).waiting(waiting).build());
    }

    private static Waiting waiting(ExportRun run, Block block) {
        Waiting.Cause cause = run.waiting()
                .map(Waiting::cause)
                .filter(before -> before == Waiting.Cause.BACKOFF || before == Waiting.Cause.PERSON)
                .orElse(Waiting.Cause.INCIDENT);
        return new Waiting(block.until(), cause, Optional.of(block.incident().id()));
    }

    /** Exports the next windows, in the first attempt of a planned run. */
    public ExportRun run(ExportJob job, JobLock lock, PlannedRun planned) {
        return attempts.run(
                job,
                lock,
                planned.run(),
                KnownDirectories.of(services.states(), job, planned.state()),
                (staging, run) ->
                        staging.stageNext(run, planned.before(), planned.state().layouts()));
    }

    /** Saves a run that records skipped fire times, and claims them. Returns empty if they were claimed before. */
    public Optional<ExportRun> skip(
            ExportJob job, JobLock lock, CoveredFires fires, FirePlan.Claim claim, SkipReason reason) {
        ExportRun skipped = RunBuilder.of(attempts.unattempted(job, lock, Trigger.SCHEDULED))
                .fireTime(fires.last())
                .coveredFires(fires)
                .skipped(reason)
                .build();
        return ledger(lock).claimAndEnd(claim, skipped, RunStatus.SKIPPED).map(services::publishEnd);
    }

    // ---- open runs

    /** Lets a run that waits cover later fire times too, and claims them. Returns empty if they were claimed before. */
    public Optional<ExportRun> cover(JobLock lock, ExportRun open, CoveredFires fires, FirePlan.Claim claim) {
        CoveredFires all = open.coveredFires()
                .map(covered -> covered.last().isBefore(fires.last()) ? covered.and(fires) : covered) // see FileStore
                .orElse(fires);
        return ledger(lock).claim(claim, RunBuilder.of(open).coveredFires(all).build());
    }

    /** Ends a run that was tried for as long as its job allows: the next run covers its window. */
    public void expire(ExportJob job, JobLock lock, ExportRun open) {
        boolean occupied = open.failure()
                .filter(failure -> failure.code() == FailureCode.NAME_AWAITED)
                .isPresent();
        RunEnds.end(services, job, ledger(lock), open, occupied ? RunStatus.DEFERRED : RunStatus.FAILED);
    }

    /**
     * Makes the next attempt of a run that waits.
     *
     * @return the run committed, empty, held or waiting for its delivery window; else the failure is thrown
     */
    public ExportRun attempt(ExportJob job, JobLock lock, ExportRun open) {
        if (AttemptMode.of(services, job, open) == AttemptMode.DELIVER) {
            return attempts.deliver(job, lock, open);
        }
        return attempts.run(job, lock, replan(job, lock, open), RunStaging::stageNext);
    }

    /** Saves a run that is planned anew: its number stays, and its temporary files become litter. */
    private ExportRun replan(ExportJob job, JobLock lock, ExportRun open) {
        Instant now = services.clock().instant();
        services.directory().delete(open.number());
        ExportRun again = ledger(lock).save(AttemptLog.begin(Replan.of(job, open, lock.token(), now), now));
        services.bytes().discardSpooled(open); // not before: another node may have taken the run
        return again;
    }

    // ---- chunks of a backfill

    /** Returns the run of a chunk that waits or is held, after crashes were recorded; empty if it has ended. */
    public Optional<ExportRun> settleChunk(ExportJob job, JobLock lock, ExportRun run) {
        return LogContext.of(run).call(() -> openRuns.settleOpen(job, services.ledger(lock), run));
    }

    /** Ends a run that has published nothing. */
    public void cancelChunk(ExportJob job, JobLock lock, ExportRun open, String reason) {
        ExportRun cancelled = RunBuilder.of(open).note("cancelled: " + reason).build();
        RunEnds.end(services, job, ledger(lock), cancelled, RunStatus.CANCELLED);
    }

    /** Returns the run of a chunk, with its first attempt in progress, which is not saved yet. */
    public ExportRun planChunk(ExportJob job, JobLock lock) {
        return attempts.newRun(job, lock, Trigger.BACKFILL_CHUNK);
    }

    /** Exports a window in the first attempt of a planned run, or in one after it was planned anew. */
    public ExportRun runChunk(ExportJob job, JobLock lock, ExportRun planned, String definition, Window window) {
        RunSequence sequence = RunSequence.last(services.store().positions(job.name()));
        return attempts.run(
                job,
                lock,
                planned,
                (staging, run) ->
                        staging.stageWindows(run, Map.of(definition, window), sequence, "-backfill-" + run.number()));
    }

    /** Makes the next attempt of the run of a chunk that waits. */
    public ExportRun attemptChunk(ExportJob job, JobLock lock, ExportRun open, String definition, Window window) {
        return AttemptMode.of(services, job, open) == AttemptMode.DELIVER
                ? attempts.deliver(job, lock, open)
                : runChunk(job, lock, replan(job, lock, open), definition, window);
    }

    // ---- on request

    /**
     * Returns the run that a request to run now is about: the one that waits, else a new one, planned and saved.
     *
     * @throws RunHeldException if a run is held
     * @throws StoreException if the positions of the job are damaged, or it was paused since one is ahead of the clock
     */
    public ExportRun planNow(ExportJob job, JobLock lock) {
        Optional<ExportRun> open = settle(job, lock);
        services.states().checkPosition(job);
        if (open.filter(run -> run.publishing() || run.released()).isEmpty()) {
            HostClock.check(services.clock(), job);
        }
        if (open.isEmpty()) {
            services.store().positions(job.name());
            return ledger(lock).save(attempts.newRun(job, lock, Trigger.MANUAL));
        }
        ExportRun run = open.get();
        if (run.status() == RunStatus.HELD) {
            throw new RunHeldException(
                    "run " + run.number() + " is held (" + run.note() + "): look at its files, then call release()"
                            + (run.publishing() ? " or giveUp(reason)" : " or discard()") + " on engine.run("
                            + run.number() + ")" + Context.of(run),
                    run.number());
        }
        return run;
    }

    /**
     * Executes the run of {@link #planNow}. One that had published a part is finished first, and a new one follows.
     *
     * @return the run committed, empty, held or waiting; else the failure is thrown
     */
    public ExportRun runNow(ExportJob job, JobLock lock, ExportRun run) {
        if (run.status() == RunStatus.PLANNED) {
            return attempts.run(job, lock, run, RunStaging::stageNext);
        }
        ExportRun attempted = attempt(job, lock, withUploadsAllowed(run));
        boolean finished = run.publishing() && attempted.status().ended();
        return finished ? attempts.run(job, lock, Trigger.MANUAL, RunStaging::stageNext) : attempted;
    }

    /** A person who asks for an attempt has found out what took the uploads. */
    private static ExportRun withUploadsAllowed(ExportRun run) {
        return RunBuilder.of(run)
                .deliveries(run.deliveries().stream()
                        .map(step -> step.taken() > 0 && step.prepared().isEmpty() ? step.toTaken(0) : step)
                        .toList())
                .build();
    }

    private RunLedger ledger(JobLock lock) {
        return services.ledger(lock);
    }
}
