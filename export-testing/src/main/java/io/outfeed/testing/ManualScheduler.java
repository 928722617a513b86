package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler that wakes no job by itself: a test moves the clock, and due jobs run on the test's own thread.
 *
 * <p>It does not imitate workers: jobs run one after the other, so that none waits for a thread or for another, and a
 * slow job delays the test.
 *
 * <p>Thread-safe. Jobs run without a lock held, so that a job may schedule. What a job throws does not stop the others:
 * the test gets it when they have run.
 */
public final class ManualScheduler implements Scheduler {

    private record Wanted(String job, Instant at, int priority) {

        private static final Comparator<Wanted> IN_TURN = Comparator.comparing(Wanted::at)
                .thenComparing(Wanted::priority, Comparator.reverseOrder())
                .thenComparing(Wanted::job);
    }

    private record Due(String job, Instant at, Consumer<String> handler) {}

    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private final SettableClock clock;
    private final Map<String, Wanted> wanted = new HashMap<>();
    private final NavigableSet<Wanted> inTurn = new TreeSet<>(Wanted.IN_TURN);
    private @Nullable Consumer<String> handler;
    private boolean closed;
    private Instant observed = Instant.MIN;

    /**
     * Makes a scheduler.
     *
     * @param clock the clock that {@link #advance} moves
     */
    public ManualScheduler(SettableClock clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /** The clock of the engine may be another one: this goes by the clock of the test. */
    @Override
    public synchronized void start(Clock engineClock, Consumer<String> handler) {
        if (this.handler != null || closed) {
            throw new IllegalStateException("the scheduler was started before, or is closed: make a new one");
        }
        this.handler = requireNonNull(handler, "handler");
    }

    @Override
    public synchronized void scheduleAt(String job, Instant at, int priority) {
        requireNonNull(job, "job");
        requireNonNull(at, "at");
        if (!closed) {
            cancel(job);
            want(new Wanted(job, at, priority));
        }
    }

    @Override
    public synchronized void cancel(String job) {
        Wanted wake = wanted.remove(job);
        if (wake != null) {
            inTurn.remove(wake);
        }
    }

    private void want(Wanted wake) {
        wanted.put(wake.job(), wake);
        inTurn.add(wake);
    }

    @Override
    public synchronized void close() {
        closed = true;
        wanted.clear();
        inTurn.clear();
    }

    /**
     * Runs what is due by the clock, in the order of the wanted times and of priorities, and what becomes due by that.
     *
     * @return how many times a job was woken
     * @throws IllegalStateException if jobs keep wanting to run at once
     */
    public int runDue() {
        return runUntil(clock.instant());
    }

    /**
     * Moves the clock from one wanted time to the next and runs each job at its time; then to the end, unless a job has
     * moved it beyond that: it never goes back by itself.
     *
     * @param duration by how much to move the clock; zero or more
     * @return how many times a job was woken
     */
    public int advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("to move the clock back, use the clock: " + duration);
        }
        Instant end = clock.instant().plus(duration);
        try {
            return runUntil(end);
        } finally {
            clock.passUntil(end);
        }
    }

    private int runUntil(Instant end) {
        int woken = 0;
        int calls = 0;
        List<Throwable> failures = new ArrayList<>();
        Optional<Due> next = takeDue(end);
        while (next.isPresent()) {
            Due due = next.get();
            woken += Scheduler.isOfEngine(due.job()) ? 0 : 1;
            if (++calls > 10_000) {
                throw new IllegalStateException("'" + due.job() + "' wants to run again and again");
            }
            if (due.at().isAfter(clock.instant())) {
                clock.passUntil(due.at());
                calls = 0;
            }
            try {
                due.handler().accept(due.job());
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
            next = takeDue(end);
        }
        throwFirst(failures);
        return woken;
    }

    private synchronized Optional<Due> takeDue(Instant end) {
        bringForwardIfSetBack();
        if (inTurn.isEmpty() || inTurn.first().at().isAfter(end)) {
            return Optional.empty();
        }
        if (handler == null) {
            throw new IllegalStateException("start the engine first");
        }
        Wanted first = inTurn.first();
        cancel(first.job());
        return Optional.of(new Due(first.job(), first.at(), handler));
    }

    private void bringForwardIfSetBack() {
        Instant now = clock.instant();
        if (observed.isAfter(now.plus(CLOCK_TOLERANCE))) {
            inTurn.clear();
            List.copyOf(wanted.values()).forEach(wake -> want(new Wanted(wake.job(), now, wake.priority())));
        }
        observed = now;
    }

    private static void throwFirst(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return;
        }
        Throwable first = failures.get(0);
        failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
        if (first instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) first;
    }
}
