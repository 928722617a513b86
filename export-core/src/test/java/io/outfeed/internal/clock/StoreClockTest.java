package io.outfeed.internal.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StoreClockTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    private long nanos = 5 * SECOND;

    private StoreClock clock(Duration hostIsAhead) {
        return new StoreClock(
                Clock.fixed(NOON.plus(hostIsAhead), ZoneOffset.UTC), () -> nanos, NOON, nanos - SECOND, nanos + SECOND);
    }

    @Test
    void should_show_the_time_of_the_store_and_what_has_passed_since() {
        StoreClock clock = clock(Duration.ofHours(1));
        assertThat(clock.instant()).as("in the middle of question and answer").isEqualTo(NOON);

        nanos += 90 * SECOND;

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90));
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(95));
    }

    @Test
    void should_be_corrected_only_by_what_an_answer_proves() {
        StoreClock clock = clock(Duration.ZERO);
        nanos += 60 * SECOND;

        clock.correct(NOON.plusSeconds(58), nanos - 3 * SECOND, nanos);
        assertThat(clock.instant()).as("may be right").isEqualTo(NOON.plusSeconds(60));

        clock.correct(NOON.plusSeconds(70), nanos - 3 * SECOND, nanos);
        assertThat(clock.instant()).as("was behind").isEqualTo(NOON.plusSeconds(70));

        clock.correct(NOON.plusSeconds(50), nanos - 3 * SECOND, nanos);
        assertThat(clock.instant()).as("was ahead").isEqualTo(NOON.plusSeconds(53));
    }

    @Test
    void should_tell_by_how_much_the_clock_of_the_host_differs() {
        assertThat(clock(Duration.ofSeconds(30)).hostSkew()).isEmpty();
        assertThat(clock(Duration.ofSeconds(-30)).hostSkew()).isEmpty();
        assertThat(clock(Duration.ofSeconds(31)).hostSkew()).contains(Duration.ofSeconds(31));
        assertThat(clock(Duration.ofHours(-1)).hostSkew()).contains(Duration.ofHours(-1));
    }

    @Test
    void should_tell_when_the_clocks_agree_again() {
        StoreClock clock = clock(Duration.ofMinutes(10));
        nanos += 600 * SECOND;

        clock.correct(NOON.plusSeconds(600), nanos, nanos);

        assertThat(clock.hostSkew()).isEmpty();
    }

    @Test
    void should_be_a_clock_whose_steps_are_noticed() {
        StoreClock clock = clock(Duration.ZERO);
        ClockSteps steps = new ClockSteps(clock);
        nanos += 60 * SECOND;

        clock.correct(NOON.minusSeconds(3600), nanos, nanos);

        assertThat(steps.wasSetBack()).isTrue();
    }
}
