package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobLock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Plans and makes runs of a job, for a fire or on request, under the job's lock. Thread-safe. */
public final class JobRunner {

    /** How often a fire is run whose runs are interrupted. */
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
        return attempts.run(job, lock, Trigger.MANUAL, RunStaging::next);
    }

    /** Puts a run for a fire on record: the fire is claimed when that is done, so that a crash loses none. */
    public ExportRun plan(ExportJob job, JobLock lock, Instant fire, String note) {
        ExportRun planned = attempts.planned(job, lock, Trigger.SCHEDULED);
        return ledger(lock)
                .save(RunBuilder.of(planned).fireTime(fire).note(note).build());
    }

    /** Exports the next windows, for a fire. Returns the run committed, empty or held, else throws. */
    public ExportRun run(ExportJob job, JobLock lock, ExportRun planned) {
        return attempts.run(job, lock, planned, RunStaging::next);
    }

    /** Ends a run that was planned for a fire which another node has claimed. */
    public void releaseToOtherNode(JobLock lock, ExportRun planned) {
        String note = "another node has the fire";
        services.ended(ledger(lock).end(RunBuilder.of(planned).note(note).build(), RunStatus.DROPPED));
    }

    /** The fire of the newest run, if that was interrupted and published nothing: it is to be run again. */
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
        return run.status() == RunStatus.DROPPED
                ? run.failure().isPresent() // else it was skipped, discarded, or waits for the receiver
                : run.status() == RunStatus.PLANNED || run.status() == RunStatus.STAGED;
    }

    /** Puts fires on record that are not run. */
    public void skip(ExportJob job, JobLock lock, Instant fire, String why) {
        ExportRun planned = attempts.planned(job, lock, Trigger.SCHEDULED);
        services.ended(
                ledger(lock).end(RunBuilder.of(planned).fireTime(fire).note(why).build(), RunStatus.DROPPED));
    }

    private RunLedger ledger(JobLock lock) {
        return services.ledger(lock);
    }
}
