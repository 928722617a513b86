package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobLock;
import java.util.function.BiFunction;

/** Executes runs with a time limit and a meter, which are closed however the run ends. Thread-safe. */
final class Attempts {

    private final RunServices services;

    Attempts(RunServices services) {
        this.services = services;
    }

    /** Returns a planned run, which is not saved yet. */
    ExportRun newRun(ExportJob job, JobLock lock, Trigger trigger) {
        return RunBuilder.planned(
                        services.store().newRunNumber(),
                        job.name(),
                        trigger,
                        services.clock().instant())
                .token(lock.token())
                .deliveryIds(job.deliveries().stream().map(Delivery::id).toList())
                .build();
    }

    /**
     * Stages, delivers and commits a new run. Returns it committed, empty or held, else throws.
     *
     * @param stage stages its files
     */
    ExportRun run(ExportJob job, JobLock lock, Trigger trigger, BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        return run(job, lock, newRun(job, lock, trigger), stage);
    }

    /** Stages, delivers and commits a planned run. */
    ExportRun run(ExportJob job, JobLock lock, ExportRun planned, BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        RunLedger ledger = services.ledger(lock);
        try (TimeLimits.Limit limit = services.timeLimits().watch(job);
                RunMeter meter = services.meters().open(planned)) {
            RunStaging staging = new RunStaging(services, job, ledger, meter);
            return new RunAttempt(services, job, ledger, limit, meter, planned).run(run -> stage.apply(staging, run));
        }
    }

    /** Delivers and commits a staged run. */
    ExportRun resume(ExportJob job, JobLock lock, ExportRun staged) {
        try (TimeLimits.Limit limit = services.timeLimits().watch(job);
                RunMeter meter = services.meters().open(staged)) {
            return new RunAttempt(services, job, services.ledger(lock), limit, meter, staged).resume();
        }
    }
}
