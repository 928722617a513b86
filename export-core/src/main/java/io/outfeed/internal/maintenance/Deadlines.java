package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Says so when nothing was delivered in time. Thread-safe. */
final class Deadlines {

    /** Longer than any local day, and shorter than two. */
    private static final Duration A_DAY_AND_A_BIT = Duration.ofHours(26);

    private final RunServices services;

    private final Map<String, Instant> next = new ConcurrentHashMap<>();

    Deadlines(RunServices services) {
        this.services = services;
    }

    /** Takes up a job that was added or replaced: deadlines that lie behind are not looked at. */
    void begin(ExportJob job) {
        next.remove(job.name());
        job.expectation()
                .flatMap(daily -> daily.next(services.clock().instant()))
                .ifPresent(at -> next.put(job.name(), at));
    }

    void forget(String job) {
        next.remove(job);
    }

    Optional<Instant> next(ExportJob job) {
        return Optional.ofNullable(next.get(job.name()));
    }

    /** Looks at a deadline that has passed, once. */
    void check(ExportJob job) {
        Instant deadline = next.get(job.name());
        if (deadline == null || deadline.isAfter(services.clock().instant())) {
            return;
        }
        begin(job);
        Optional<Instant> last = lastCommitted(job);
        boolean inTime = job.expectation()
                .flatMap(daily -> before(daily, deadline))
                .flatMap(previous -> last.filter(at -> !at.isBefore(previous)))
                .isPresent();
        if (!inTime) {
            services.listeners().overdue(new DeliveryOverdueEvent(job.name(), deadline, last));
        }
    }

    /** The deadline before: what was delivered since then counts. */
    private static Optional<Instant> before(Schedule daily, Instant deadline) {
        return daily.next(deadline.minus(A_DAY_AND_A_BIT)).filter(at -> at.isBefore(deadline));
    }

    private Optional<Instant> lastCommitted(ExportJob job) {
        RunQuery committed = RunQuery.ofJob(job.name()).outcomes().status(RunStatus.COMMITTED, RunStatus.EMPTY);
        return services.store().runs(committed.limit(1)).stream().findFirst().flatMap(ExportRun::endedAt);
    }
}
