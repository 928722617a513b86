package io.outfeed.scheduler;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * Wakes the engine when a job is due.
 *
 * <p>An SPI: {@link InJvmScheduler} is the default. A scheduler knows names and times only, so that one that persists
 * can stand behind it. It may wake the engine late, twice or without need: whether a fire is due, and who runs it, is
 * decided by the engine and claimed in the store, nowhere else.
 *
 * <p>Thread-safe. The engine calls {@link #start} once, then the other methods from any thread, from the handler too.
 */
public interface Scheduler extends AutoCloseable {

    /**
     * Begins to wake. What was scheduled before is kept.
     *
     * @param handler takes the name of a due job, on the scheduler's own threads; different jobs at the same time, as
     *     many as the scheduler has threads; what it throws must not stop the scheduler
     */
    void start(Consumer<String> handler);

    /**
     * Wakes for a job at an instant; replaces what was scheduled for it.
     *
     * @param job the name of the job
     * @param at when; in the past means at once. Who was to be woken earlier comes first
     * @param priority who comes first of those that are to be woken at the same time: the higher number
     */
    void scheduleAt(String job, Instant at, int priority);

    /**
     * Wakes for a job no more. A handler that runs is not interrupted.
     *
     * @param job the name of the job; nothing happens if it is not scheduled
     */
    void cancel(String job);

    /** Wakes nobody any more; waits for handlers that run, then interrupts them. */
    @Override
    void close();
}
