package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.JobDeadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports deliveries that are overdue, once for each deadline: the store has how far they were checked. Thread-safe.
 */
final class Deadlines {

    /** Longer than any local day, and shorter than two. */
    private static final Duration MORE_THAN_A_DAY = Duration.ofHours(26);

    /** How often a job is reported that stays overdue. */
    private static final Duration REPEATED = Duration.ofDays(1);

    private final RunServices services;

    /** For jobs without a deadline of their own. */
    private final @Nullable Duration within;

    Deadlines(RunServices services, @Nullable Duration within) {
        this.services = services;
        this.within = within;
    }

    /** Sets the next deadline of a job, which may have passed while no engine was open. */
    void arm(ScheduledJob scheduled) {
        scheduled.deadline(isExpected(scheduled.job()) ? next(scheduled.job(), checked(scheduled)) : Optional.empty());
    }

    private boolean isExpected(ExportJob job) {
        return job.expectation().isPresent() || within(job).isPresent();
    }

    /** Returns how soon after a fire time something is expected; empty if there is a daily deadline. */
    private Optional<Duration> within(ExportJob job) {
        return job.expectation().isPresent() || job.schedule().isEmpty()
                ? Optional.empty()
                : job.expectedWithin().or(() -> Optional.ofNullable(within));
    }

    /** Returns how far the deadlines were checked. Those before the job was first expected to deliver don't count. */
    private JobDeadline checked(ScheduledJob scheduled) {
        String name = scheduled.job().name();
        Optional<JobDeadline> stored = services.store().jobState(name).deadline();
        if (stored.isEmpty()) {
            JobDeadline first = new JobDeadline(services.clock().instant(), false);
            services.states().replaceDeadline(name, Optional.empty(), first);
            return first;
        }
        return stored.get();
    }

    private Optional<Instant> next(ExportJob job, JobDeadline checked) {
        if (job.expectation().isPresent()) {
            return job.expectation().get().next(checked.checkedUntil());
        }
        if (checked.overdue()) {
            return Optional.of(checked.checkedUntil().plus(REPEATED));
        }
        Instant since = lastDelivered(job)
                .filter(last -> last.isAfter(checked.checkedUntil()))
                .orElse(checked.checkedUntil());
        Optional<Duration> limit = within(job);
        return job.schedule().flatMap(schedule -> schedule.next(since)).map(fire -> fire.plus(limit.orElseThrow()));
    }

    /** Checks a deadline that has passed, once. */
    void check(ScheduledJob scheduled) {
        Instant now = services.clock().instant();
        if (scheduled.deadline().filter(at -> !at.isAfter(now)).isEmpty()) {
            return;
        }
        ExportJob job = scheduled.job();
        if (services.store().renamedTo(job.name()).isPresent()) { // its runs have another name
            scheduled.deadline(Optional.empty());
            return;
        }
        if (isExpected(job)) {
            checkPassed(scheduled, job, now);
        }
        arm(scheduled);
    }

    private void checkPassed(ScheduledJob scheduled, ExportJob job, Instant now) {
        JobDeadline checked = checked(scheduled);
        Optional<Instant> passed = next(job, checked).filter(at -> !at.isAfter(now));
        if (passed.isEmpty()) { // something was delivered, or another node has checked it
            return;
        }
        Instant deadline =
                job.expectation().flatMap(daily -> latest(daily, now)).orElse(passed.get());
        Optional<Instant> last = lastDelivered(job);
        boolean overdue =
                job.expectation().map(daily -> !isInTime(daily, deadline, last)).orElse(true);
        boolean won =
                services.states().replaceDeadline(job.name(), Optional.of(checked), new JobDeadline(deadline, overdue));
        if (won && overdue) {
            services.listeners().publish(new DeliveryOverdueEvent(job.name(), deadline, last));
        }
    }

    /** A run that has committed since the previous deadline counts. */
    private static boolean isInTime(Schedule daily, Instant deadline, Optional<Instant> last) {
        Optional<Instant> previous = latest(daily, deadline.minusNanos(1));
        return previous.flatMap(since -> last.filter(at -> !at.isBefore(since))).isPresent();
    }

    /** Returns the latest daily deadline that is not after a time. */
    private static Optional<Instant> latest(Schedule daily, Instant time) {
        Optional<Instant> found = Optional.empty();
        Optional<Instant> next = daily.next(time.minus(MORE_THAN_A_DAY));
        while (next.isPresent() && !next.get().isAfter(time)) {
            found = next;
            next = daily.next(next.get());
        }
        return found;
    }

    private Optional<Instant> lastDelivered(ExportJob job) {
        RunQuery committed = RunQuery.ofJob(job.name()).outcomes().status(RunStatus.COMMITTED, RunStatus.EMPTY);
        return services.store().runs(committed.limit(1)).stream().findFirst().flatMap(ExportRun::endedAt);
    }
}
