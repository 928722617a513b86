package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.ExportException;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains a job between its runs: watches its delivered files, deletes them in time, and reports overdue deliveries.
 * Thread-safe.
 */
public final class FileMaintenance {

    private static final Logger log = LoggerFactory.getLogger(FileMaintenance.class);

    private final RunServices services;
    private final DeliveryWatch watch;
    private final Retention retention;
    private final Deadlines deadlines;

    /** @param expectedWithin how soon after their fire times jobs are expected to deliver; null if they say it */
    public FileMaintenance(RunServices services, @Nullable Duration expectedWithin) {
        this.services = services;
        this.watch = new DeliveryWatch(services);
        this.retention = new Retention(services);
        this.deadlines = new Deadlines(services, expectedWithin);
    }

    /**
     * Prepares a job that was added or replaced.
     *
     * @param rescheduled whether its schedule is another one
     * @param record what the store has of it
     * @param delay how long its files may wait that were delivered before: many jobs are armed together
     * @return when the job is to be woken for that
     */
    public Optional<Instant> arm(ScheduledJob job, boolean rescheduled, JobRecord record, Duration delay) {
        Instant now = services.clock().instant();
        job.arm();
        if (!delay.isZero() && job.job().retention().isPresent()) {
            job.retentionAt(now.plus(delay));
        }
        if (!delay.isZero() && record.positions().run() > 0) {
            job.watchNotBefore(now.plus(delay));
        }
        deadlines.arm(job, rescheduled, record);
        return record.positions().run() > 0 ? next(job) : nextWithoutFiles(job);
    }

    /** Returns the state with which a new job is stored: when its deadlines begin. */
    public JobState newState(ExportJob job) {
        return deadlines.first(job).map(JobState.NONE::toDeadline).orElse(JobState.NONE);
    }

    /**
     * Prepares a new job, of which the store has only its plan and {@link #newState}.
     *
     * @return when the job is to be woken for that
     */
    public Optional<Instant> armNew(ScheduledJob job, JobState state) {
        job.arm();
        Instant now = services.clock().instant();
        job.job().retention().ifPresent(age -> job.retentionAt(now.plus(age))); // of a file that is delivered now
        job.deadline(Optional.empty());
        state.deadline().ifPresent(first -> deadlines.armNew(job, first));
        return nextWithoutFiles(job);
    }

    /** A job that has delivered nothing has nothing to watch. */
    private Optional<Instant> nextWithoutFiles(ScheduledJob job) {
        return Stream.of(retentionAt(job), job.deadline())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** Reports an overdue delivery. Needs no lock, since a late run may be in progress. */
    public void checkDeadline(ScheduledJob job) {
        try {
            deadlines.check(job);
        } catch (ExportException e) {
            services.storeWarnings()
                    .warn(log, "Can't read from the store whether " + job + " was delivered in time", e);
        }
    }

    /** Returns when the job is to be woken next; it may lie in the past. */
    public Optional<Instant> next(ScheduledJob job) {
        try {
            return Stream.of(watchAt(job), retentionAt(job), job.deadline())
                    .flatMap(Optional::stream)
                    .min(Comparator.naturalOrder());
        } catch (ExportException e) {
            services.storeWarnings().warn(log, "The delivered files of " + job + " can't be read from the store", e);
            return Optional.of(services.clock().instant().plus(Retention.RETRY_DELAY));
        }
    }

    private Optional<Instant> watchAt(ScheduledJob job) {
        Instant notBefore = job.watchNotBefore();
        boolean later =
                job.job().watch().isPresent() && services.clock().instant().isBefore(notBefore);
        return later ? Optional.of(notBefore) : watch.next(job.job());
    }

    private Optional<Instant> retentionAt(ScheduledJob job) {
        return job.job().retention().map(age -> job.retentionAt().orElseGet(services.clock()::instant));
    }

    /** Postpones the work that is due: another owner has the job's lock, or the store is unavailable. */
    public void postpone(ScheduledJob job) {
        Instant now = services.clock().instant();
        if (isDue(retentionAt(job))) {
            job.retentionAt(now.plus(Retention.RETRY_DELAY));
        }
        if (isWatchDue(job)) {
            Duration interval =
                    job.job().watch().map(DeliveredFileWatch::interval).orElse(Retention.RETRY_DELAY);
            job.watchNotBefore(now.plus(interval));
        }
    }

    private boolean isWatchDue(ScheduledJob job) {
        try {
            return isDue(watchAt(job));
        } catch (ExportException e) { // then it may be
            log.debug(
                    "Can't read from the store whether the delivered files of {} are to be inspected",
                    job,
                    Redacted.of(e));
            return true;
        }
    }

    private boolean isDue(Optional<Instant> at) {
        return at.isPresent() && !at.get().isAfter(services.clock().instant());
    }

    /** Does the work that is due, unless a run is in progress. A failure is logged, and the work is done later. */
    public void run(ScheduledJob scheduled, JobLock lock) {
        try {
            boolean age = isDue(retentionAt(scheduled));
            boolean inspection = isDue(watchAt(scheduled));
            if (!age && !inspection) {
                return;
            }
            postpone(scheduled); // in case it fails
            ExportJob job = scheduled.job();
            if (services.store().unfinishedRuns(job.name()).stream().anyMatch(ExportRun::publishing)) {
                return;
            }
            RunLedger ledger = services.ledger(lock);
            if (age) {
                scheduled.retentionAt(retention.deleteDue(job, ledger, scheduled.retentionWarnings()));
            }
            if (inspection) {
                watch.inspect(job, ledger, scheduled.watchWarnings());
                scheduled.watchNotBefore(Instant.MIN);
            }
        } catch (ExportException e) {
            services.storeWarnings().warn(log, "The delivered files of " + scheduled + " could not be maintained", e);
        }
    }

    /** Returns before which time runs may be pruned, at most {@code endedBefore}. */
    public Instant prunable(ExportJob job, Instant endedBefore) {
        return retention.prunable(job, endedBefore);
    }
}
