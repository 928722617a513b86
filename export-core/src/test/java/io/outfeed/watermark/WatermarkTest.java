package io.outfeed.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatermarkTest {

    record Row(@Nullable Long id, @Nullable Instant updatedAt) {}

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final SourceSession<Row> SESSION = window -> Stream.of();
    private static final Row EMPTY = new Row(null, null);

    @SuppressWarnings("NullAway") // breaks the promise for EMPTY, as hosts do
    private static Watermark<Row> timestamp(Duration settleTime) {
        return Watermark.timestamp(Row::updatedAt, settleTime);
    }

    @SuppressWarnings("NullAway") // breaks the promise for EMPTY, as hosts do
    private static Watermark<Row> sequence(Watermark.SettledBound bound) {
        return Watermark.sequence(Row::id, bound);
    }

    @Test
    void should_end_a_timestamps_window_the_settle_time_ago() throws Exception {
        Watermark<Row> watermark = timestamp(Duration.ofMinutes(2));

        assertThat(watermark.kind()).isEqualTo("timestamp");
        assertThat(watermark.beginning()).hasToString("timestamp:0001-01-01T00:00:00Z");
        assertThat(watermark.until(SESSION, CLOCK)).hasToString("timestamp:2026-03-01T11:58:00Z");
        assertThat(watermark.positionOf(new Row(1L, NOON))).contains(Position.of(NOON));
        assertThat(watermark).hasToString("timestamp with a settle time of PT2M");
    }

    @Test
    void should_order_timestamps_as_times_and_not_as_texts() throws Exception {
        Watermark<Row> watermark = timestamp(Duration.ZERO);

        assertThat(watermark.compare(Position.of(NOON), Position.of(NOON.plusNanos(1_000_000))))
                .isNegative(); // 12:00:00Z and 12:00:00.001Z
        assertThat(watermark.compare(Position.of(NOON), Position.of(NOON))).isZero();
        assertThat(watermark.compare(watermark.beginning(), Position.of(NOON))).isNegative();
        assertThat(watermark.until(SESSION, CLOCK)).isEqualTo(Position.of(NOON));
    }

    @Test
    void should_refuse_a_timestamp_that_is_null() {
        assertThatThrownBy(() -> timestamp(Duration.ZERO).positionOf(EMPTY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the watermark's timestamp is null: give every record one");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_bad_settings() {
        assertThatThrownBy(() -> timestamp(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("settleTime must be zero or more, not PT-1S");
        assertThatThrownBy(() -> timestamp(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("settleTime");
        assertThatThrownBy(() -> Watermark.timestamp(null, Duration.ZERO))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("updatedAt");
        assertThatThrownBy(() -> Watermark.sequence(null, () -> 1))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("id");
        assertThatThrownBy(() -> sequence(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("bound");
    }

    @Test
    void should_end_a_sequences_window_at_the_bound_of_the_host() throws Exception {
        AtomicLong bound = new AtomicLong(43);
        Watermark<Row> watermark = sequence(bound::get);

        assertThat(watermark.kind()).isEqualTo("sequence");
        assertThat(watermark.beginning()).isEqualTo(Position.of(Long.MIN_VALUE));
        assertThat(watermark.until(SESSION, CLOCK)).isEqualTo(Position.of(43));
        bound.set(99);
        assertThat(watermark.until(SESSION, CLOCK)).isEqualTo(Position.of(99));
        assertThat(watermark.positionOf(new Row(42L, null))).contains(Position.of(42));
        assertThat(watermark).hasToString("sequence");
    }

    @Test
    void should_order_numbers_as_numbers_and_not_as_texts() {
        Watermark<Row> watermark = sequence(() -> 1);

        assertThat(watermark.compare(Position.of(9), Position.of(10))).isNegative();
        assertThat(watermark.compare(Position.of(-9), Position.of(-10))).isPositive();
        assertThat(watermark.compare(Position.of(7), Position.of(7))).isZero();
        assertThat(watermark.compare(watermark.beginning(), Position.of(Long.MAX_VALUE)))
                .isNegative();
    }

    @Test
    void should_refuse_a_number_that_is_null() {
        assertThatThrownBy(() -> sequence(() -> 1).positionOf(EMPTY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the watermark's number is null: give every record one");
    }

    @Test
    void should_let_the_failure_of_the_bound_pass() {
        Watermark<Row> watermark = sequence(() -> {
            throw new IOException("no connection");
        });

        assertThatThrownBy(() -> watermark.until(SESSION, CLOCK))
                .isInstanceOf(IOException.class)
                .hasMessage("no connection");
    }

    @Test
    void should_give_a_snapshot_the_time_only() throws Exception {
        Watermark<Row> watermark = Watermark.fullSnapshot();

        assertThat(watermark.kind()).isEqualTo("snapshot");
        assertThat(watermark.beginning()).hasToString("snapshot:1970-01-01T00:00:00Z");
        assertThat(watermark.until(SESSION, CLOCK)).hasToString("snapshot:2026-03-01T12:00:00Z");
        assertThat(watermark.positionOf(EMPTY)).isEmpty();
        assertThat(watermark.compare(watermark.beginning(), watermark.until(SESSION, CLOCK)))
                .isZero();
        assertThat(watermark).hasToString("full snapshot");
    }
}
