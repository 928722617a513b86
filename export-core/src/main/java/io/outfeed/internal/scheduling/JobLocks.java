package io.outfeed.internal.scheduling;

import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.util.Optional;

/**
 * Takes the locks of jobs. A job that another node has renamed is removed from the engine instead: a run under its old
 * name would begin a second history, and deliver everything again. Thread-safe.
 */
final class JobLocks {

    private final ExportStore store;
    private final JobRegistry jobs;

    JobLocks(ExportStore store, JobRegistry jobs) {
        this.store = store;
        this.jobs = jobs;
    }

    /** Takes the lock of a job; empty if another owner has it, or the job was renamed. */
    Optional<JobLock> tryLock(ScheduledJob job) {
        Optional<JobLock> lock = store.tryLock(job.job().name());
        return lock.isPresent() && releaseIfRenamed(job, lock.get()) ? Optional.empty() : lock;
    }

    /**
     * Takes the lock of a job.
     *
     * @throws AlreadyRunningException if it is taken
     * @throws NoSuchJobException if the job was renamed
     */
    JobLock lock(ScheduledJob job) {
        String name = job.job().name();
        JobLock lock = lock(name);
        if (releaseIfRenamed(job, lock)) {
            throw jobs.noSuchJob(name);
        }
        return lock;
    }

    /**
     * Takes the lock of a name, which may be known to the store only.
     *
     * @throws AlreadyRunningException if it is taken
     */
    JobLock lock(String name) {
        return store.tryLock(name)
                .orElseThrow(() -> new AlreadyRunningException(
                        "job '" + name + "' has a run in progress: wait until it has ended (job=" + name + ")"));
    }

    /**
     * Removes a renamed job from the engine, and releases its lock. Asks under the lock, without which no node renames
     * the job.
     */
    private boolean releaseIfRenamed(ScheduledJob job, JobLock lock) {
        boolean keep = false;
        try {
            boolean renamed = jobs.removeIfRenamed(job);
            keep = !renamed;
            return renamed;
        } finally {
            if (!keep) {
                lock.close();
            }
        }
    }
}
