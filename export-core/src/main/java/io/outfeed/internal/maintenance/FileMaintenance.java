package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.error.ExportException;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.RunStatus;
import io.outfeed.store.JobLock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done for delivered files, and for a delivery that is overdue, between the runs of a job. Thread-safe. */
public final class FileMaintenance {

    private static final Logger log = LoggerFactory.getLogger(FileMaintenance.class);

    private final RunServices services;
    private final DeliveryWatch watch;
    private final Retention retention;
    private final Deadlines deadlines;

    /** When the files of a job are to be looked at by age; a job that is not here, at once. */
    private final Map<String, Instant> retentionAt = new ConcurrentHashMap<>();

    /** No look of the watch before, after one that was tried: else one that fails would follow at once. */
    private final Map<String, Instant> watchNotBefore = new ConcurrentHashMap<>();

    public FileMaintenance(RunServices services) {
        this.services = services;
        this.watch = new DeliveryWatch(services);
        this.retention = new Retention(services);
        this.deadlines = new Deadlines(services);
    }

    /** Takes up a job that was added or replaced. */
    public void begin(ExportJob job) {
        retentionAt.remove(job.name());
        watchNotBefore.remove(job.name());
        deadlines.begin(job);
    }

    /** Lets go of a job that was removed. */
    public void forget(String job) {
        retentionAt.remove(job);
        watchNotBefore.remove(job);
        deadlines.forget(job);
    }

    /** Says so if nothing was delivered in time. Needs no lock: a run may be on its way, too late. */
    public void checkDeadline(ExportJob job) {
        try {
            deadlines.check(job);
        } catch (ExportException e) {
            log.warn("Whether {} was delivered in time can't be looked up: {}", job, e.getMessage(), e);
        }
    }

    /** When to wake next for a job; it may lie behind. */
    public Optional<Instant> next(ExportJob job) {
        try {
            return Stream.of(watchAt(job), retentionAt(job), deadlines.next(job))
                    .flatMap(Optional::stream)
                    .min(Comparator.naturalOrder());
        } catch (ExportException e) {
            log.warn("The delivered files of {} can't be looked up now: {}", job, e.getMessage(), e);
            return Optional.of(services.clock().instant().plus(Retention.AGAIN));
        }
    }

    private Optional<Instant> watchAt(ExportJob job) {
        Instant notBefore = watchNotBefore.getOrDefault(job.name(), Instant.MIN);
        return watch.next(job).map(at -> at.isBefore(notBefore) ? notBefore : at);
    }

    private Optional<Instant> retentionAt(ExportJob job) {
        return job.retention()
                .map(age ->
                        retentionAt.getOrDefault(job.name(), services.clock().instant()));
    }

    /** Skips what is due: somebody else has the job, or the store gives no answer. */
    public void postpone(ExportJob job) {
        Instant now = services.clock().instant();
        if (isDue(retentionAt(job))) {
            retentionAt.put(job.name(), now.plus(Retention.AGAIN));
        }
        if (isWatchDue(job)) {
            watchNotBefore.put(
                    job.name(),
                    now.plus(job.watch().map(DeliveredFileWatch::interval).orElse(Retention.AGAIN)));
        }
    }

    private boolean isWatchDue(ExportJob job) {
        try {
            return isDue(watchAt(job));
        } catch (ExportException e) { // as far as anybody can tell
            log.debug("Whether the delivered files of {} are to be looked at can't be told", job, e);
            return true;
        }
    }

    private boolean isDue(Optional<Instant> at) {
        return at.isPresent() && !at.get().isAfter(services.clock().instant());
    }

    /** Does what is due, unless a run is on its way. What fails is logged, and done later. */
    public void run(ExportJob job, JobLock lock) {
        try {
            boolean age = isDue(retentionAt(job));
            boolean look = isDue(watchAt(job));
            if (!age && !look) {
                return;
            }
            postpone(job); // should it fail
            if (services.store().unfinishedRuns(job.name()).stream().anyMatch(run -> run.status() != RunStatus.HELD)) {
                return;
            }
            RunLedger ledger = new RunLedger(services, lock);
            if (age) {
                retentionAt.put(job.name(), retention.look(job, ledger));
            }
            if (look) {
                watch.look(job, ledger);
            }
        } catch (ExportException e) {
            log.warn("The delivered files of {} could not be looked at: {}", job, e.getMessage(), e);
        }
    }

    /** Before which time runs may be forgotten, at most {@code endedBefore}. */
    public Instant prunable(ExportJob job, Instant endedBefore) {
        return retention.prunable(job, endedBefore);
    }
}
