package io.outfeed.scheduler;

import java.time.Clock;
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
 * <p><b>On several nodes</b> a scheduler either wakes each node for each job, as {@link InJvmScheduler} does, and the
 * engines find out by the store which of them runs. Or it {@linkplain #isShared() shares} its wake-ups: of the nodes
 * that have scheduled a job, one is woken. Then the earliest of the times counts that nodes have scheduled for a job,
 * until one was woken for it; {@link #cancel} on one node may be undone by another that still has the job; and no node
 * is woken for a job that it has not scheduled itself.
 *
 * <p>Thread-safe. The engine calls {@link #start} once, then the other methods from any thread, from the handler too.
 */
public interface Scheduler extends AutoCloseable {

    /**
     * Tells whether a name is that of work which each engine does for itself, such as following the other nodes. A
     * scheduler that shares its wake-ups keeps these names in its own process.
     *
     * @param name a name that was scheduled
     * @return whether it begins with an asterisk; the names of jobs can't
     */
    static boolean isOfEngine(String name) {
        return name.startsWith("*");
    }

    /**
     * Starts waking jobs. Jobs that were scheduled before are kept.
     *
     * @param clock the clock of the engine, by which all times are: that of the store if nodes share it
     * @param handler receives the name of a due job, on the scheduler's own threads; for different jobs at the same
     *     time, as many as the scheduler has threads; its exceptions must not stop the scheduler
     * @throws IllegalStateException if the scheduler was started before, or is closed
     */
    void start(Clock clock, Consumer<String> handler);

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

    /**
     * Tells whether nodes share the wake-ups of jobs, so that each is for one of them.
     *
     * @return false by default: each node is woken for each job
     */
    default boolean isShared() {
        return false;
    }

    /** Stops waking jobs; waits for running handlers, then interrupts them. */
    @Override
    void close();
}
