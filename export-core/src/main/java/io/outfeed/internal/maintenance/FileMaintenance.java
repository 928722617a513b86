package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.ExportException;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.RunStatus;
import io.outfeed.store.JobLock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for a job between its runs: its delivered files are watched and deleted in time, and a delivery that is
 * overdue is reported. Thread-safe.
 */
public final class FileMaintenance {

    private static final Logger log = LoggerFactory.getLogger(FileMaintenance.class);

    private final RunServices services;
    private final DeliveryWatch watch;
    private final Retention retention;
    private final Deadlines deadlines;

    public FileMaintenance(RunServices services) {
        this.services = services;
        this.watch = new DeliveryWatch(services);
        this.retention = new Retention(services);
        this.deadlines = new Deadlines(services);
    }

    /** Starts with a job that was added or replaced. */
    public void arm(ScheduledJob job) {
        deadlines.arm(job);
    }

    /** Reports it if nothing was delivered in time. Needs no lock: a run may be in progress, too late. */
    public void checkDeadline(ScheduledJob job) {
        try {
            deadlines.check(job);
        } catch (ExportException e) {
            log.warn("Whether {} was delivered in time can't be read from the store: {}", job, e.getMessage(), e);
        }
    }

    /** Returns when to wake next for a job; it may lie in the past. */
    public Optional<Instant> next(ScheduledJob job) {
        try {
            return Stream.of(watchAt(job), retentionAt(job), job.deadline())
                    .flatMap(Optional::stream)
                    .min(Comparator.naturalOrder());
        } catch (ExportException e) {
            log.warn("The delivered files of {} can't be read from the store: {}", job, e.getMessage(), e);
            return Optional.of(services.clock().instant().plus(Retention.AGAIN));
        }
    }

    private Optional<Instant> watchAt(ScheduledJob job) {
        Instant notBefore = job.watchNotBefore();
        return watch.next(job.job()).map(at -> at.isBefore(notBefore) ? notBefore : at);
    }

    private Optional<Instant> retentionAt(ScheduledJob job) {
        return job.job().retention().map(age -> job.retentionAt().orElseGet(services.clock()::instant));
    }

    /** Skips what is due: another owner has the job's lock, or the store gives no answer. */
    public void postpone(ScheduledJob job) {
        Instant now = services.clock().instant();
        if (isDue(retentionAt(job))) {
            job.retentionAt(now.plus(Retention.AGAIN));
        }
        if (isWatchDue(job)) {
            Duration interval =
                    job.job().watch().map(DeliveredFileWatch::interval).orElse(Retention.AGAIN);
            job.watchNotBefore(now.plus(interval));
        }
    }

    private boolean isWatchDue(ScheduledJob job) {
        try {
            return isDue(watchAt(job));
        } catch (ExportException e) { // it may be
            log.debug("Whether the delivered files of {} are to be inspected can't be told", job, e);
            return true;
        }
    }

    private boolean isDue(Optional<Instant> at) {
        return at.isPresent() && !at.get().isAfter(services.clock().instant());
    }

    /** Does what is due, unless a run is in progress. A failure is logged, and the work is done later. */
    public void run(ScheduledJob scheduled, JobLock lock) {
        try {
            boolean age = isDue(retentionAt(scheduled));
            boolean inspection = isDue(watchAt(scheduled));
            if (!age && !inspection) {
                return;
            }
            postpone(scheduled); // should it fail
            ExportJob job = scheduled.job();
            if (services.store().unfinishedRuns(job.name()).stream().anyMatch(run -> run.status() != RunStatus.HELD)) {
                return;
            }
            RunLedger ledger = services.ledger(lock);
            if (age) {
                scheduled.retentionAt(retention.deleteDue(job, ledger));
            }
            if (inspection) {
                watch.inspect(job, ledger);
            }
        } catch (ExportException e) {
            log.warn("The delivered files of {} could not be maintained: {}", scheduled, e.getMessage(), e);
        }
    }

    /** Returns before which time runs may be pruned, at most {@code endedBefore}. */
    public Instant prunable(ExportJob job, Instant endedBefore) {
        return retention.prunable(job, endedBefore);
    }
}
