package io.outfeed.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PositionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @Test
    void should_hold_a_point_in_time() {
        Position position = Position.of(NOON);

        assertThat(position).hasToString("timestamp:2026-03-01T12:00:00.123456789Z");
        assertThat(position.toInstant()).isEqualTo(NOON);
        assertThat(position.instant()).contains(NOON);
        assertThatThrownBy(position::toLong)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a position of kind 'timestamp' is no whole number: use text() or toInstant()");
    }

    @Test
    void should_hold_a_number() {
        assertThat(Position.of(4711)).isEqualTo(new Position("sequence", "4711"));
        assertThat(Position.of(Long.MIN_VALUE).toLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(Position.of(4711).instant()).isEmpty();
        assertThatThrownBy(() -> Position.of(4711).toInstant())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a position of kind 'sequence' is no point in time: use text() or toLong()");
    }

    @Test
    void should_hold_any_text() {
        Position position = new Position("xid8", "3:17");

        assertThat(position).hasToString("xid8:3:17");
        assertThatThrownBy(position::toLong)
                .hasMessage("a position of kind 'xid8' is no whole number: use text() or toInstant()");
    }

    @Test
    void should_equal_a_position_of_the_same_kind_and_text() {
        assertThat(Position.of(NOON))
                .isEqualTo(new Position("timestamp", NOON.toString()))
                .hasSameHashCodeAs(new Position("timestamp", NOON.toString()))
                .isNotEqualTo(new Position("xid8", NOON.toString()))
                .isNotEqualTo(Position.of(NOON.plusNanos(1)));
        assertThat(new Position("sequence", "07").toLong()).isEqualTo(7);
        assertThat(new Position("sequence", "07")).isNotEqualTo(Position.of(7));
    }

    @Test
    void should_make_a_window_of_one_kind() {
        assertThat(new Window(Position.of(1), Position.of(2))).hasToString("[sequence:1, sequence:2)");
        assertThatThrownBy(() -> new Window(Position.of(1), Position.of(NOON)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a window has ends of one kind, not 'sequence' and 'timestamp'");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_name_what_is_null() {
        assertThatThrownBy(() -> new Position(null, ""))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("kind");
        assertThatThrownBy(() -> new Position("sequence", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("text");
        assertThatThrownBy(() -> new Window(Position.of(1), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("until");
    }
}
