package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.ledger.JobLitter;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobLock;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Makes attempts with a time limit and a meter, which are closed however an attempt ends. Thread-safe. */
final class Attempts {

    private final RunServices services;

    Attempts(RunServices services) {
        this.services = services;
    }

    /** Returns a planned run with its first attempt in progress, which is not saved yet. */
    ExportRun newRun(ExportJob job, JobLock lock, Trigger trigger) {
        return AttemptLog.begin(
                unattempted(job, lock, trigger), services.clock().instant());
    }

    /** Returns a run that is not tried: it records what was done or skipped. */
    ExportRun unattempted(ExportJob job, JobLock lock, Trigger trigger) {
        return RunBuilder.planned(
                        services.store().newRunNumber(),
                        job.name(),
                        trigger,
                        services.clock().instant())
                .token(lock.token())
                .deliveryIds(job.deliveries().stream().map(Delivery::id).toList())
                .litter(JobLitter.of(services.store(), job.name()))
                .fingerprint(trigger.triedAgain() ? Fingerprint.of(job) : "")
                .build();
    }

    /**
     * Stages, delivers and commits a new run.
     *
     * @param stage stages its files
     * @return the run committed, empty, held or waiting for its delivery window; else the failure is thrown
     */
    ExportRun run(ExportJob job, JobLock lock, Trigger trigger, BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        return run(job, lock, newRun(job, lock, trigger), stage);
    }

    /** Stages, delivers and commits a planned run, as it was saved; its attempt is in progress. */
    ExportRun run(ExportJob job, JobLock lock, ExportRun planned, BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        return run(job, lock, planned, directories(job), stage);
    }

    /**
     * Stages, delivers and commits a planned run, as it was saved; its attempt is in progress.
     *
     * @param directories those of the job's deliveries
     */
    ExportRun run(
            ExportJob job,
            JobLock lock,
            ExportRun planned,
            KnownDirectories directories,
            BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        RunLedger ledger = services.ledger(lock).after(planned);
        return attempt(job, ledger, planned, directories, attempt -> {
            RunStaging staging =
                    new RunStaging(services, job, ledger, attempt.meter(), attempt.signs(), attempt::planned);
            return attempt.stageAndDeliver(run -> stage.apply(staging, run));
        });
    }

    /** Makes the next attempt of a run that keeps its bytes: delivers what is missing, and commits. */
    ExportRun deliver(ExportJob job, JobLock lock, ExportRun staged) {
        RunLedger ledger = services.ledger(lock);
        RunStatus status = staged.publishing() ? RunStatus.PUBLISHING : RunStatus.STAGED;
        ExportRun run = ledger.save(AttemptLog.begin(
                RunBuilder.of(staged).status(status).token(lock.token()).build(),
                services.clock().instant()));
        return attempt(job, ledger, run, directories(job), RunAttempt::deliverStaged);
    }

    private KnownDirectories directories(ExportJob job) {
        return KnownDirectories.of(services.states(), job);
    }

    private ExportRun attempt(
            ExportJob job,
            RunLedger ledger,
            ExportRun run,
            KnownDirectories directories,
            Function<RunAttempt, ExportRun> action) {
        try (TimeLimits.Limit limit = services.timeLimits().watch(job);
                RunMeter meter = services.meters().open(run)) {
            ExportRun attempted = new RunAttempt(services, job, ledger, limit, meter, directories, run).perform(action);
            meter.reach(attempted.status());
            return attempted;
        }
    }
}
