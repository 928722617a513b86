package io.outfeed.watermark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClosedDaysWatermarkTest {

    private static final SourceSession<Instant> SESSION = window -> Stream.of();

    record Case(String zone, String settleTime, String clock, String expected) {

        /** The line of the table. */
        @Override
        public String toString() {
            return String.join(" | ", zone, settleTime, clock, expected);
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream table =
                requireNonNull(ClosedDaysWatermarkTest.class.getResourceAsStream("closed-days.txt"), "the table")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> Arrays.asList(line.split(" \\| ", -1)))
                            .map(cells -> new Case(cells.get(0), cells.get(1), cells.get(2), cells.get(3)))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void should_end_a_window_where_the_last_closed_day_ends(Case given) throws Exception {
        Watermark<Instant> watermark =
                Watermark.closedDays(at -> at, ZoneId.of(given.zone()), Duration.parse(given.settleTime()));

        Position until = watermark.until(SESSION, Clock.fixed(Instant.parse(given.clock()), ZoneOffset.UTC));

        assertThat(until).isEqualTo(Position.of(Instant.parse(given.expected())));
    }

    @Test
    void should_have_the_positions_of_timestamps() throws Exception {
        Watermark<Instant> watermark = Watermark.closedDays(at -> at, ZoneOffset.UTC, Duration.ofMinutes(5));
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");

        assertThat(watermark.kind()).isEqualTo(Position.TIMESTAMP);
        assertThat(watermark.beginning())
                .isEqualTo(
                        Watermark.timestamp((Instant at) -> at, Duration.ZERO).beginning());
        assertThat(watermark.positionOf(noon)).contains(Position.of(noon));
        assertThat(watermark.compare(Position.of(noon), Position.of(noon.plusMillis(1))))
                .isNegative();
        assertThat(watermark).hasToString("closed days of Z with a settle time of PT5M");
    }

    @Test
    void should_refuse_a_negative_settle_time() {
        assertThatThrownBy(() -> Watermark.closedDays((Instant at) -> at, ZoneOffset.UTC, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("settleTime must be zero or more, not PT-1S");
    }
}
