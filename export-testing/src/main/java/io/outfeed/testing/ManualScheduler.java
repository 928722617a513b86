package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.schedule.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler that wakes nobody by itself: a test moves the clock, and due jobs run on the test's own thread.
 *
 * <p>Thread-safe. Jobs run without a lock held, so that a job may schedule.
 */
public final class ManualScheduler implements Scheduler {

    private final SettableClock clock;
    private final Map<String, Instant> wanted = new HashMap<>();
    private @Nullable Consumer<String> handler;
    private boolean closed;

    /**
     * Makes a scheduler.
     *
     * @param clock the clock that {@link #advance} moves
     */
    public ManualScheduler(SettableClock clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public synchronized void start(Consumer<String> handler) {
        if (this.handler != null || closed) {
            throw new IllegalStateException("the scheduler was started before, or is closed: make a new one");
        }
        this.handler = requireNonNull(handler, "handler");
    }

    @Override
    public synchronized void scheduleAt(String job, Instant at) {
        wanted.put(requireNonNull(job, "job"), requireNonNull(at, "at"));
    }

    @Override
    public synchronized void cancel(String job) {
        wanted.remove(job);
    }

    @Override
    public synchronized void close() {
        closed = true;
        wanted.clear();
    }

    /**
     * Runs what is due by the clock, in the order of the wanted times, and what becomes due by that.
     *
     * @return how many times a job was woken
     * @throws IllegalStateException if jobs keep wanting to run at once
     */
    public int runDue() {
        return runUntil(clock.instant());
    }

    /**
     * Moves the clock from one wanted time to the next and runs each job at its time; then to the end.
     *
     * @param duration by how much to move the clock; zero or more
     * @return how many times a job was woken
     */
    public int advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("to move the clock back, use the clock: " + duration);
        }
        Instant end = clock.instant().plus(duration);
        int woken = runUntil(end);
        clock.set(end);
        return woken;
    }

    private int runUntil(Instant end) {
        int woken = 0;
        Optional<Map.Entry<String, Instant>> next = takeDue(end);
        while (next.isPresent()) {
            if (++woken > 100_000) {
                throw new IllegalStateException("job '" + next.get().getKey() + "' wants to run again and again");
            }
            if (next.get().getValue().isAfter(clock.instant())) {
                clock.set(next.get().getValue());
            }
            handler().accept(next.get().getKey());
            next = takeDue(end);
        }
        return woken;
    }

    private synchronized Consumer<String> handler() {
        if (handler == null) {
            throw new IllegalStateException("start the engine first");
        }
        return handler;
    }

    private synchronized Optional<Map.Entry<String, Instant>> takeDue(Instant end) {
        Optional<Map.Entry<String, Instant>> first = wanted.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(end))
                .min(Map.Entry.<String, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()));
        first.ifPresent(entry -> wanted.remove(entry.getKey()));
        return first;
    }
}
