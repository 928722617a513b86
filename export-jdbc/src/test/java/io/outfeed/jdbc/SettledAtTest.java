package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.source.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** From when on the windows of a watermark include a record, as people are told. */
class SettledAtTest {

    private static final Position NOON = Position.of(Instant.parse("2026-03-02T12:00:00Z"));

    private static final JdbcWatermark<Row> UPDATED = JdbcWatermark.timestamp("updated_at");

    @Test
    void should_be_a_settle_time_later() {
        assertThat(UPDATED.settledAt(NOON)).hasValue(Instant.parse("2026-03-02T12:02:00Z"));
        assertThat(UPDATED.settleTime(Duration.ofHours(1)).settledAt(NOON))
                .hasValue(Instant.parse("2026-03-02T13:00:00Z"));
    }

    @Test
    void should_be_when_the_day_is_closed() {
        assertThat(UPDATED.closedDays(ZoneOffset.ofHours(1)).settledAt(NOON))
                .hasValue(Instant.parse("2026-03-02T23:02:00Z"));
    }

    @Test
    void should_not_be_known_where_a_transaction_decides() {
        assertThat(PostgresWatermark.oldestTransaction("updated_at").settledAt(NOON))
                .isEmpty();
    }
}
