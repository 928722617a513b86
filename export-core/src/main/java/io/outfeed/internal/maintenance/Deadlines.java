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
import io.outfeed.store.JobRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports deliveries that are overdue, once for each deadline: the store has how far they were checked. Thread-safe.
 */
final class Deadlines {

    /** Longer than any local day, and shorter than two. */
    private static final Duration MORE_THAN_A_DAY = Duration.ofHours(26);

    /** Nodes have clocks of their own. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    /** How often a job is reported that stays overdue. */
    private static final Duration REPEATED = Duration.ofDays(1);

    private final RunServices services;

    /** For jobs without a deadline of their own. */
    private final @Nullable Duration within;

    Deadlines(RunServices services, @Nullable Duration within) {
        this.services = services;
        this.within = within;
    }

    /**
     * Sets the next deadline of a job that was added or replaced, which may have passed while no engine was open. One
     * before the job was expected to deliver, or by another schedule, does not count.
     */
    void arm(ScheduledJob scheduled, boolean rescheduled, JobRecord record) {
        ExportJob job = scheduled.job();
        Optional<JobDeadline> stored = record.state().deadline();
        if (!isExpected(job) || (rescheduled && job.expectation().isEmpty())) {
            if (stored.isPresent()) {
                services.states().forgetDeadline(job.name());
            }
            stored = Optional.empty();
        }
        arm(scheduled, stored, () -> lastDelivered(job, record));
    }

    private void arm(ScheduledJob scheduled) {
        ExportJob job = scheduled.job();
        arm(scheduled, stored(job), () -> lastDelivered(job));
    }

    private void arm(ScheduledJob scheduled, Optional<JobDeadline> stored, Supplier<Optional<Instant>> lastDelivered) {
        ExportJob job = scheduled.job();
        scheduled.deadline(isExpected(job) ? nextCheck(job, checked(job, stored), lastDelivered) : Optional.empty());
    }

    /** Sets the first deadline of a job that is stored with {@link #first}. */
    void armNew(ScheduledJob scheduled, JobDeadline first) {
        scheduled.deadline(nextCheck(scheduled.job(), first, Optional::empty));
    }

    /** Returns how far the deadlines of a new job were checked; empty if nothing is expected. */
    Optional<JobDeadline> first(ExportJob job) {
        return isExpected(job) ? Optional.of(new JobDeadline(services.clock().instant(), false)) : Optional.empty();
    }

    /** An overdue job may deliver, and be overdue again before it would be reported once more. */
    private Optional<Instant> nextCheck(ExportJob job, JobDeadline checked, Supplier<Optional<Instant>> lastDelivered) {
        Stream<Instant> sooner =
                checked.overdue() ? firstAfter(job, services.clock().instant()).stream() : Stream.empty();
        return Stream.concat(next(job, checked, lastDelivered).stream(), sooner).min(Comparator.naturalOrder());
    }

    private boolean isExpected(ExportJob job) {
        return job.expectation().isPresent() || within(job).isPresent();
    }

    /** Returns how soon after a fire time something is expected; empty with a daily deadline, or if nothing fires. */
    private Optional<Duration> within(ExportJob job) {
        return job.expectation().isPresent()
                        || job.schedule().isEmpty()
                        || job.disabled().isPresent()
                ? Optional.empty()
                : job.expectedWithin().or(() -> Optional.ofNullable(within));
    }

    /** Returns how far the deadlines were checked. Those before the job was first expected to deliver don't count. */
    private JobDeadline checked(ExportJob job, Optional<JobDeadline> stored) {
        if (stored.isEmpty() || isAhead(stored.get().checkedUntil())) {
            JobDeadline first = new JobDeadline(services.clock().instant(), false);
            services.states().replaceDeadline(job.name(), stored, first);
            return first;
        }
        return stored.get();
    }

    private Optional<JobDeadline> stored(ExportJob job) {
        return services.store().jobState(job.name()).deadline();
    }

    /** A clock that was ahead would hide what is overdue until it has caught up. */
    private boolean isAhead(Instant time) {
        return time.isAfter(services.clock().instant().plus(CLOCK_TOLERANCE));
    }

    private Optional<Instant> next(ExportJob job, JobDeadline checked, Supplier<Optional<Instant>> lastDelivered) {
        if (job.expectation().isPresent()) {
            return job.expectation().get().next(checked.checkedUntil());
        }
        if (checked.overdue()) {
            return Optional.of(checked.checkedUntil().plus(REPEATED));
        }
        Instant since = lastDelivered
                .get()
                .filter(last -> last.isAfter(checked.checkedUntil()) && !isAhead(last))
                .orElse(checked.checkedUntil());
        return firstAfter(job, since);
    }

    private Optional<Instant> firstAfter(ExportJob job, Instant since) {
        return within(job)
                .flatMap(limit ->
                        job.schedule().flatMap(schedule -> schedule.next(since)).map(fire -> fire.plus(limit)));
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
            checkPassed(job, now);
        }
        arm(scheduled);
    }

    private void checkPassed(ExportJob job, Instant now) {
        JobDeadline checked = checked(job, stored(job));
        Optional<Instant> passed = next(job, checked, () -> lastDelivered(job)).filter(at -> !at.isAfter(now));
        if (passed.isEmpty()) { // something was delivered, or another node has checked it
            return;
        }
        Instant deadline =
                job.expectation().flatMap(daily -> latest(daily, now)).orElseGet(() -> latestReport(passed.get(), now));
        Optional<Instant> last = lastDelivered(job);
        boolean overdue =
                job.expectation().map(daily -> !isInTime(daily, deadline, last)).orElse(true);
        boolean won =
                services.states().replaceDeadline(job.name(), Optional.of(checked), new JobDeadline(deadline, overdue));
        if (won && overdue) {
            services.listeners().publish(new DeliveryOverdueEvent(job.name(), deadline, last));
        }
    }

    /** Of the reports that no engine was open for, the latest. */
    private static Instant latestReport(Instant first, Instant now) {
        return first.plus(REPEATED.multipliedBy(Duration.between(first, now).dividedBy(REPEATED)));
    }

    /** A run that has committed since the previous deadline counts. */
    private boolean isInTime(Schedule daily, Instant deadline, Optional<Instant> last) {
        Optional<Instant> previous = latest(daily, deadline.minusNanos(1));
        return previous.flatMap(since -> last.filter(at -> !at.isBefore(since) && !isAhead(at)))
                .isPresent();
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

    /** Reads more than the record only if the last run that counts has failed. */
    private Optional<Instant> lastDelivered(ExportJob job, JobRecord record) {
        Optional<RunStatus> last = record.lastOutcome().map(ExportRun::status);
        boolean delivered = last.filter(status -> status == RunStatus.COMMITTED || status == RunStatus.EMPTY)
                .isPresent();
        return last.isEmpty() || delivered ? record.lastOutcome().flatMap(ExportRun::endedAt) : lastDelivered(job);
    }
}
