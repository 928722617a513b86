package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The lock of a job: it has one owner until it is closed, or taken over because its owner seemed dead.
 *
 * <p>Every write that belongs to a run names the lock; the store rejects it if a later owner has taken the lock over.
 *
 * <p>Thread-safe.
 */
public final class JobLock implements AutoCloseable {

    private final String job;
    private final long token;
    private final Consumer<JobLock> release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Makes a lock; called by stores.
     *
     * @param job the name of the job
     * @param token the fencing token: greater than that of every lock that the store gave before
     * @param release frees the lock in the store unless a later owner has it; called by the first {@link #close}
     */
    public JobLock(String job, long token, Consumer<JobLock> release) {
        this.job = requireNonNull(job, "job");
        this.token = token;
        this.release = requireNonNull(release, "release");
    }

    /**
     * Returns the job of the lock.
     *
     * @return the name of the job
     */
    public String job() {
        return job;
    }

    /**
     * Returns the fencing token: greater than that of every lock that the store gave before.
     *
     * @return one or more
     */
    public long token() {
        return token;
    }

    /** Releases the lock. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.accept(this);
        }
    }

    /** Token and job. */
    @Override
    public String toString() {
        return "lock " + token + " of job '" + job + "'";
    }
}
