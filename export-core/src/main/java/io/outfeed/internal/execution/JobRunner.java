package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobLock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Plans and executes runs of a job, for a fire or on request, under the job's lock. Thread-safe. */
public final class JobRunner {

    /** How many interrupted runs a fire may have before it is abandoned. */
    private static final int ATTEMPTS = 3;

    private final RunServices services;
    private final Attempts attempts;
    private final Recovery recovery;

    public JobRunner(RunServices services) {
        this.services = services;
        this.attempts = new Attempts(services);
        this.recovery = new Recovery(services);
    }

    /** Brings interrupted runs to their end; see {@link Recovery#finish}. */
    public boolean finishInterrupted(ExportJob job, JobLock lock) {
        return recovery.finish(job, ledger(lock));
    }

    /** Exports the next windows. Returns the run committed, empty or held, else throws. */
    public ExportRun runNow(ExportJob job, JobLock lock) {
        return attempts.run(job, lock, Trigger.MANUAL, RunStaging::stageNext);
    }

    /** Saves a planned run for a fire. The fire is claimed after that, so that a crash in between loses no fire. */
    public ExportRun plan(ExportJob job, JobLock lock, Instant fire, String note) {
        ExportRun planned = attempts.newRun(job, lock, Trigger.SCHEDULED);
        return ledger(lock)
                .save(RunBuilder.of(planned).fireTime(fire).note(note).build());
    }

    /** Exports the next windows, for a fire. Returns the run committed, empty or held, else throws. */
    public ExportRun run(ExportJob job, JobLock lock, ExportRun planned) {
        return attempts.run(job, lock, planned, RunStaging::stageNext);
    }

    /** Ends a run that was planned for a fire which another node has claimed. */
    public void releaseToOtherNode(JobLock lock, ExportRun planned) {
        services.publishEnd(ledger(lock)
                .end(RunBuilder.of(planned).skipped(SkipReason.TAKEN_ELSEWHERE).build(), RunStatus.SKIPPED));
    }

    /** Returns the fire to run again: that of the newest run, if it was interrupted and published nothing. */
    public Optional<Instant> interruptedFire(ExportJob job) {
        List<ExportRun> runs = services.store()
                .runs(RunQuery.ofJob(job.name())
                        .trigger(Trigger.SCHEDULED, Trigger.MANUAL)
                        .limit(ATTEMPTS));
        Optional<Instant> fire =
                runs.stream().findFirst().filter(JobRunner::wasInterrupted).flatMap(ExportRun::fireTime);
        long interrupted = runs.stream()
                .takeWhile(run -> wasInterrupted(run) && run.fireTime().equals(fire))
                .count();
        return fire.filter(at -> interrupted < ATTEMPTS); // after that many, the job may be what crashes the process
    }

    private static boolean wasInterrupted(ExportRun run) {
        return run.status() == RunStatus.FAILED
                ? run.failure()
                        .filter(failure -> failure.code() == FailureCode.CRASHED)
                        .isPresent()
                : run.status() == RunStatus.PLANNED || run.status() == RunStatus.STAGED;
    }

    /** Saves a dropped run for skipped fires. */
    public void skip(ExportJob job, JobLock lock, Instant fire, String why) {
        ExportRun planned = attempts.newRun(job, lock, Trigger.SCHEDULED);
        services.publishEnd(
                ledger(lock).end(RunBuilder.of(planned).fireTime(fire).note(why).build(), RunStatus.SKIPPED));
    }

    private RunLedger ledger(JobLock lock) {
        return services.ledger(lock);
    }
}
