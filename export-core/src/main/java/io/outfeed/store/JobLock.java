package io.outfeed.store;

/**
 * The right to run a job: nobody else has it until it is closed, or taken away because its owner seemed dead.
 *
 * <p>Every write that belongs to a run names the lock; the store refuses it when a later owner has taken the lock over.
 */
public interface JobLock extends AutoCloseable {

    /**
     * Returns whose lock this is.
     *
     * @return the name of the job
     */
    String job();

    /**
     * Returns the fencing token: greater than that of every lock that the store gave before.
     *
     * @return one or more
     */
    long token();

    /** Gives the lock back. Does nothing the second time. */
    @Override
    void close();
}
