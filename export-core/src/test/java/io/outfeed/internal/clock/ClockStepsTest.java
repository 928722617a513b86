package io.outfeed.internal.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockStepsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final TestClock clock = new TestClock();

    /** A clock whose time passes as the test says. */
    private static final class TestClock extends Clock implements MonotonicClock {

        private Instant now = Instant.parse("2026-03-02T00:00:00Z");
        private Duration elapsed = Duration.ofDays(3);
        private Duration pauseBetweenReadings = Duration.ZERO;

        private void set(Duration by) {
            now = now.plus(by);
        }

        private void pass(Duration duration) {
            now = now.plus(duration);
            elapsed = elapsed.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public Duration elapsed() {
            Duration read = elapsed;
            pass(pauseBetweenReadings);
            pauseBetweenReadings = Duration.ZERO;
            return read;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Steps in hours, an hour apart, and by how many hours the clock was ahead at first and after each of them. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "+2,           0 0,           'forward: suspended, or set',",
        "-2,           2 0,           'ahead from the beginning',",
        "+2 -2,        0 2 0,         'set forward and back',",
        "+2 +8 -2,     0 2 2 0,       'suspended while it was ahead',",
        "+8 -2,        2 2 0,         'suspended while it was ahead from the beginning',",
        "+10 -2,       2 2 0,         'set forward while it was suspended',",
        "+8 +2 -2,     0 0 2 0,       'suspended before it was set forward',",
        "+2 +3 +2 -2,  0 0 0 2 0,     'as it was before the last step',",
        "+2 +3 +2 +1 -2,  0 2 2 2 2 0, 'which step was wrong can not be told: the first',",
        "+2 -2 +2 -2,  0 2 0 2 0,     'set forward and back twice',",
        "+2 -2 +5 -5,  0 2 0 5 0,     'another time',",
        "+1 +1 -2,     0 2 2 0,       'set forward in two steps',",
        "+2 -1 -1,     0 2 1 0,       'set back in two steps',",
        "-2 +2,        0 0 0,         'set back, and that was wrong',",
        "-2 +2 -2,     2 0 2 0,       'set back again, and it was right',",
    })
    void should_know_when_the_clock_was_ahead(String steps, String ahead, String unused) {
        ClockSteps observed = new ClockSteps(clock);
        List<Instant> origins = new ArrayList<>(List.of(observed.origin().orElseThrow()));
        for (String step : steps.split(" ", -1)) {
            clock.pass(HOUR);
            clock.set(HOUR.multipliedBy(Integer.parseInt(step)));
            origins.add(observed.origin().orElseThrow());
        }

        assertThat(origins.stream().map(observed::aheadAt).map(Duration::toHours))
                .isEqualTo(Stream.of(ahead.split(" ", -1)).map(Long::valueOf).toList());
    }

    @Test
    void should_tell_a_step_back_once() {
        ClockSteps observed = new ClockSteps(clock);
        assertThat(observed.wasSetBack()).isFalse();
        clock.set(HOUR);
        assertThat(observed.wasSetBack()).isFalse();

        clock.set(HOUR.negated());
        observed.observe();
        clock.set(HOUR.negated());

        assertThat(observed.wasSetBack()).isTrue();
        assertThat(observed.wasSetBack()).isFalse();
    }

    /** The clock shows a later time than when it was observed last. */
    @Test
    void should_tell_a_step_back_after_a_longer_time() {
        ClockSteps observed = new ClockSteps(clock);
        clock.pass(HOUR.multipliedBy(3));

        clock.set(HOUR.negated());

        assertThat(observed.wasSetBack()).isTrue();
    }

    @Test
    void should_not_mind_some_seconds() {
        ClockSteps observed = new ClockSteps(clock);

        clock.set(Duration.ofSeconds(-30));
        assertThat(observed.wasSetBack()).isFalse();
        clock.set(Duration.ofSeconds(-31));
        assertThat(observed.wasSetBack()).isTrue();
    }

    /** By less than a thousandth of the time, a minute in a day, with no observation in between. */
    @Test
    void should_not_mind_a_clock_that_is_slewed() {
        ClockSteps observed = new ClockSteps(clock);
        Instant first = observed.origin().orElseThrow();

        for (int day = 0; day < 30; day++) {
            clock.pass(Duration.ofDays(1));
            clock.set(Duration.ofMinutes(-1));
            assertThat(observed.wasSetBack()).isFalse();
        }

        clock.set(HOUR);
        Instant forward = observed.origin().orElseThrow();
        clock.set(HOUR.negated());
        assertThat(observed.aheadAt(first)).isZero();
        assertThat(observed.aheadAt(forward)).isEqualTo(HOUR);
    }

    /** A long collection of garbage, or a suspension, between the readings of the two times. */
    @Test
    void should_not_mind_a_pause_of_the_thread() {
        ClockSteps observed = new ClockSteps(clock);
        clock.pauseBetweenReadings = HOUR;

        assertThat(observed.wasSetBack()).isFalse();
        assertThat(observed.wasSetBack()).isFalse();
    }

    @Test
    void should_forget_the_oldest_of_many_steps() {
        ClockSteps observed = new ClockSteps(clock);
        Instant first = observed.origin().orElseThrow();
        for (int i = 0; i < 2_000; i++) {
            clock.set(HOUR);
            observed.observe();
        }

        clock.set(HOUR.negated().dividedBy(2));

        assertThat(observed.wasSetBack()).isTrue();
        assertThat(observed.aheadAt(first)).isZero();
        assertThat(observed.aheadAt(first.plus(HOUR.multipliedBy(1_500)))).isEqualTo(HOUR.dividedBy(2));
    }

    @Test
    void should_compare_the_systems_clock_with_the_machines_monotonic_time() {
        ClockSteps observed = new ClockSteps(Clock.systemUTC());

        assertThat(observed.origin()).isPresent();
        assertThat(new ClockSteps(Clock.systemUTC()).origin().orElseThrow())
                .isBetween(
                        observed.origin().orElseThrow().minusSeconds(30),
                        observed.origin().orElseThrow().plusSeconds(30));
    }

    @Test
    void should_tell_only_steps_back_of_another_clock() {
        Clock other = new Clock() {
            @Override
            public Instant instant() {
                return clock.instant();
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        ClockSteps observed = new ClockSteps(other);
        clock.set(HOUR);
        observed.observe();
        assertThat(observed.origin()).isEmpty();

        clock.set(Duration.ofSeconds(-31));

        assertThat(observed.wasSetBack()).isTrue();
        assertThat(observed.wasSetBack()).isFalse();
        assertThat(observed.aheadAt(clock.instant())).isZero();
    }
}
