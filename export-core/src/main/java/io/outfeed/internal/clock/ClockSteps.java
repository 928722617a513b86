package io.outfeed.internal.clock;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Notices when the clock is set back, and remembers by how much it was ahead before.
 *
 * <p>The clock is compared with monotonic time: its <em>origin</em> is when the monotonic time was zero, as the clock
 * says. It stays the same while nothing sets the clock, is later after a step forward, and earlier after a step back. A
 * machine that is suspended makes a step forward too, since its monotonic time may stand still: a step forward proves
 * nothing. A step back says that the clock was ahead: since the first step forward of the same size, but not before the
 * origin was last the same as it is now. If there was neither, it was ahead for as long as this object exists. What
 * can't be told makes that time longer, never shorter.
 *
 * <p>A clock without monotonic time is compared with the latest time that it has shown, which tells steps back only.
 *
 * <p>Thread-safe.
 */
public final class ClockSteps {

    /** Clocks are set by some seconds all the time. */
    public static final Duration TOLERANCE = Duration.ofSeconds(30);

    /** A clock that is wrong by more is slewed, by no more than this part of the time, where it is not set at once. */
    private static final int SLEWED_PART = 1_000;

    /** A thread may be suspended between the readings of two clocks, which are no pair then. */
    private static final Duration PAIR = Duration.ofSeconds(1);

    /** A machine that is suspended often makes many steps forward. */
    private static final int MOST_PERIODS = 1_000;

    private final Clock clock;
    private final Optional<MonotonicClock> monotonic;

    // guarded by this
    private final Deque<Period> periods = new ArrayDeque<>();
    private Instant observed = Instant.MIN;
    private boolean setBack;

    public ClockSteps(Clock clock) {
        this.clock = clock;
        this.monotonic = monotonic(clock);
        observe();
    }

    private static Optional<MonotonicClock> monotonic(Clock clock) {
        if (clock instanceof MonotonicClock known) {
            return Optional.of(known);
        }
        boolean system = clock.equals(Clock.system(clock.getZone()));
        return system ? Optional.of(() -> Duration.ofNanos(System.nanoTime())) : Optional.empty();
    }

    /** Compares the clock as it is now with what was observed before. */
    public synchronized void observe() {
        if (monotonic.isPresent()) {
            observe(read(monotonic.get()));
        } else {
            observeTime(clock.instant());
        }
    }

    /** Tells whether the clock was set back since it was first observed; true once for each step. */
    public synchronized boolean wasSetBack() {
        observe();
        boolean before = setBack;
        setBack = false;
        return before;
    }

    /** Returns the origin of the clock as it is now; empty if it has no monotonic time. */
    public synchronized Optional<Instant> origin() {
        observe();
        return Optional.ofNullable(periods.peekLast()).map(current -> current.last.origin());
    }

    /** Returns by how much the clock was ahead when it had an origin, as steps back since then say; else zero. */
    public synchronized Duration aheadAt(Instant origin) {
        observe();
        return periods.stream()
                .filter(period -> period.has(origin))
                .map(period -> period.ahead)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private void observeTime(Instant now) {
        if (observed.isAfter(now.plus(TOLERANCE))) {
            setBack = true;
            observed = now;
        } else if (observed.isBefore(now)) {
            observed = now;
        }
    }

    private Reading read(MonotonicClock source) {
        while (true) {
            Duration before = source.elapsed();
            Instant now = clock.instant();
            Duration after = source.elapsed();
            if (after.minus(before).compareTo(PAIR) <= 0) {
                return new Reading(now.minus(before).truncatedTo(ChronoUnit.MILLIS), before);
            }
        }
    }

    private void observe(Reading reading) {
        Instant origin = reading.origin();
        Period current = periods.peekLast();
        Duration step = current == null ? Duration.ZERO : Duration.between(current.last.origin(), origin);
        if (current != null && current.continuesAt(reading)) {
            current.include(reading);
            return;
        }
        if (step.isNegative()) {
            markAhead(origin, step.negated());
            setBack = true;
        }
        periods.stream().filter(period -> period.has(origin)).forEach(period -> period.ahead = Duration.ZERO);
        periods.addLast(new Period(reading, step));
        if (periods.size() > MOST_PERIODS) {
            periods.removeFirst();
        }
    }

    /** Also where the origin was earlier than now: the clock may have been ahead before the machine was suspended. */
    private void markAhead(Instant origin, Duration stepBack) {
        List<Period> since = new ArrayList<>(); // newest first
        int marked = 0;
        for (Iterator<Period> newest = periods.descendingIterator(); newest.hasNext(); ) {
            Period period = newest.next();
            if (period.has(origin)) {
                marked = since.size();
                break;
            }
            since.add(period);
            if (isNear(period.step, stepBack)) {
                marked = since.size();
            }
        }
        since.subList(0, marked == 0 ? since.size() : marked)
                .forEach(period -> period.ahead = period.ahead.plus(stepBack));
    }

    private static boolean isNear(Duration step, Duration other) {
        return step.minus(other).abs().compareTo(TOLERANCE) <= 0;
    }

    /** The origin of the clock, and the monotonic time at which it was read. */
    private record Reading(Instant origin, Duration elapsed) {}

    /** The time from one step to the next. Its origin drifts where only the clock is slewed. */
    private static final class Period {

        private final Duration step;
        private Instant earliest;
        private Instant latest;
        private Reading last;
        private Duration ahead = Duration.ZERO;

        private Period(Reading first, Duration step) {
            this.step = step;
            this.earliest = first.origin();
            this.latest = first.origin();
            this.last = first;
        }

        private boolean continuesAt(Reading next) {
            Duration slewed = next.elapsed().minus(last.elapsed()).dividedBy(SLEWED_PART);
            Duration moved = Duration.between(last.origin(), next.origin()).abs();
            return moved.compareTo(TOLERANCE.plus(slewed)) <= 0;
        }

        private void include(Reading next) {
            earliest = next.origin().isBefore(earliest) ? next.origin() : earliest;
            latest = next.origin().isAfter(latest) ? next.origin() : latest;
            last = next;
        }

        private boolean has(Instant origin) {
            return !origin.isBefore(earliest.minus(TOLERANCE)) && !origin.isAfter(latest.plus(TOLERANCE));
        }
    }
}
