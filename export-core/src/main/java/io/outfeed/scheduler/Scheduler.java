package io.outfeed.scheduler;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * Wakes the engine when a job is due.
 *
 * <p>An SPI: {@link InJvmScheduler} is the default. A scheduler knows names and times only, so that a persistent
 * scheduler can implement it. It may wake the engine late, twice or without need: the engine decides whether a fire is
 * due, and claims it in the store.
 *
 * <p>When its clock was set back by more than 30 seconds, it wakes each job once without delay: the times of the jobs
 * were computed by a clock that was wrong, and the engine computes them anew.
 *
 * <p>Thread-safe. The engine calls {@link #start} once, then the other methods from any thread, from the handler too.
 */
public interface Scheduler extends AutoCloseable {

    /**
     * Starts waking jobs. Jobs that were scheduled before are kept.
     *
     * @param handler receives the name of a due job, on the scheduler's own threads; for different jobs at the same
     *     time, as many as the scheduler has threads; its exceptions must not stop the scheduler
     */
    void start(Consumer<String> handler);

    /**
     * Schedules a job for an instant; replaces the time that was scheduled for it.
     *
     * @param job the name of the job
     * @param at when; a time in the past means at once. Jobs with earlier times come first
     * @param priority the order of jobs with the same time: the higher number comes first
     */
    void scheduleAt(String job, Instant at, int priority);

    /**
     * Removes the time of a job. A running handler is not interrupted.
     *
     * @param job the name of the job; nothing happens if it is not scheduled
     */
    void cancel(String job);

    /** Stops waking jobs; waits for running handlers, then interrupts them. */
    @Override
    void close();
}
