package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reports deliveries that are overdue. Thread-safe. */
final class Deadlines {

    /** Longer than any local day, and shorter than two. */
    private static final Duration MORE_THAN_A_DAY = Duration.ofHours(26);

    private final RunServices services;

    Deadlines(RunServices services) {
        this.services = services;
    }

    /** Sets the next deadline of a job. Those that have passed are not checked. */
    void arm(ScheduledJob job) {
        job.deadline(job.job()
                .expectation()
                .flatMap(daily -> daily.next(services.clock().instant())));
    }

    /** Checks a deadline that has passed, once. */
    void check(ScheduledJob scheduled) {
        Optional<Instant> passed =
                scheduled.deadline().filter(at -> !at.isAfter(services.clock().instant()));
        if (passed.isEmpty()) {
            return;
        }
        arm(scheduled);
        ExportJob job = scheduled.job();
        Instant deadline = passed.get();
        Optional<Instant> last = lastCommitted(job);
        boolean inTime = job.expectation()
                .flatMap(daily -> previous(daily, deadline))
                .flatMap(previous -> last.filter(at -> !at.isBefore(previous)))
                .isPresent();
        boolean renamed = !inTime && services.store().renamedTo(job.name()).isPresent(); // then its runs have that name
        if (!inTime && !renamed) {
            services.listeners().publish(new DeliveryOverdueEvent(job.name(), deadline, last));
        }
    }

    /** Returns the previous deadline: a run that has committed since then counts. */
    private static Optional<Instant> previous(Schedule daily, Instant deadline) {
        return daily.next(deadline.minus(MORE_THAN_A_DAY)).filter(at -> at.isBefore(deadline));
    }

    private Optional<Instant> lastCommitted(ExportJob job) {
        RunQuery committed = RunQuery.ofJob(job.name()).outcomes().status(RunStatus.COMMITTED, RunStatus.EMPTY);
        return services.store().runs(committed.limit(1)).stream().findFirst().flatMap(ExportRun::endedAt);
    }
}
