package io.outfeed.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.DeliveryWindow;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.Waiting.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private static ExportRun run(long number) {
        return RunBuilder.planned(number, "visits", Trigger.SCHEDULED, NOON)
                .attempts(List.of(), 3)
                .build();
    }

    private static Duration delay(long run, Cause cause, int failures) {
        return Duration.between(
                NOON, Backoff.after(run(run), cause, failures, NOON).until());
    }

    @ParameterizedTest
    @CsvSource({"1, 60", "2, 120", "3, 240", "4, 480", "5, 960", "6, 1920", "7, 2880", "8, 2880", "1000, 2880"})
    void should_grow_from_a_minute_to_an_hour_and_be_spread_by_a_quarter(int failures, long seconds) {
        Set<Duration> different = new HashSet<>();
        for (long run = 1; run <= 200; run++) {
            Duration delay = delay(run, Cause.BACKOFF, failures);
            assertThat(delay).isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds * 5 / 4));
            different.add(delay);
        }
        assertThat(different)
                .as("the runs of one outage do not come back at once")
                .hasSizeGreaterThan(100);
    }

    @Test
    void should_try_what_a_person_must_correct_once_an_hour() {
        assertThat(delay(1, Cause.PERSON, 1)).isEqualTo(Duration.ofHours(1));
        assertThat(delay(1, Cause.PERSON, 50)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void should_be_the_same_for_the_same_attempt() {
        assertThat(delay(4, Cause.BACKOFF, 3)).isEqualTo(delay(4, Cause.BACKOFF, 3));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DELIVERY_WINDOW")
    void should_end_within_an_hour_after_the_clock_went_back(Cause cause) {
        Waiting waiting = new Waiting(NOON.plus(Duration.ofDays(3)), cause);

        assertThat(Backoff.due(waiting, Optional.empty(), NOON)).isEqualTo(NOON.plus(Duration.ofHours(1)));
        assertThat(Backoff.due(new Waiting(NOON.plusSeconds(5), cause), Optional.empty(), NOON))
                .isEqualTo(NOON.plusSeconds(5));
    }

    @Test
    void should_compute_a_delivery_window_anew() {
        Waiting waiting = new Waiting(NOON.plus(Duration.ofDays(3)), Cause.DELIVERY_WINDOW);
        DeliveryWindow evening = new DeliveryWindow(LocalTime.of(18, 0), LocalTime.of(20, 0), ZoneOffset.UTC);

        assertThat(Backoff.due(waiting, Optional.of(evening), NOON)).isEqualTo("2026-03-02T18:00:00Z");
        assertThat(Backoff.due(waiting, Optional.empty(), NOON))
                .as("the job has no window any more")
                .isEqualTo(NOON);
    }
}
