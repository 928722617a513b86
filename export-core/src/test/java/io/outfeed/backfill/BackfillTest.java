package io.outfeed.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.internal.model.BackfillText;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chunks of a window, and the text that a store keeps of them. */
class BackfillTest {

    private static final ZoneId AMSTERDAM = ZoneId.of("Europe/Amsterdam");
    private static final Instant JANUARY = Instant.parse("2025-01-01T00:00:00Z");

    private static Backfill window(String from, String until) {
        return Backfill.of("orders", Instant.parse(from), Instant.parse(until));
    }

    private static List<Window> chunks(Backfill backfill) {
        return IntStream.range(0, backfill.chunks()).mapToObj(backfill::chunk).toList();
    }

    private static List<String> ends(Backfill backfill) {
        return chunks(backfill).stream().map(chunk -> chunk.until().text()).toList();
    }

    @Test
    void should_be_one_chunk_unless_it_is_divided() {
        Backfill backfill = Backfill.of("orders", new Position("custom", "a"), new Position("custom", "b"));

        assertThat(chunks(backfill)).containsExactly(backfill.window());
        assertThat(backfill).hasToString("backfill of 'orders' [custom:a, custom:b)");
        assertThat(backfill.chunkSize()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2025-01-01T00:00:00Z, PT1S, 1",
        "2025-01-01T00:00:00Z, PT24H, 1",
        "2025-01-01T00:00:00Z, PT23H59M59.999999999S, 2",
        "2025-01-01T00:00:00Z, PT12H, 2",
        "2025-01-01T00:00:00Z, PT8.64S, 10000",
        "2025-01-01T00:00:00Z, PT1000000H, 1"
    })
    void should_count_chunks_of_a_duration(Instant from, Duration length, int chunks) {
        Instant until = length.equals(Duration.ofSeconds(1)) ? from.plusNanos(1) : from.plus(Duration.ofDays(1));
        Backfill backfill = Backfill.of("orders", from, until).inChunksOf(length);

        assertThat(backfill.chunks()).isEqualTo(chunks);
        List<Window> windows = chunks(backfill);
        assertThat(windows.get(0).from()).isEqualTo(Position.of(from));
        assertThat(windows.get(chunks - 1).until()).isEqualTo(Position.of(until));
        for (int i = 1; i < chunks; i++) {
            assertThat(windows.get(i).from()).isEqualTo(windows.get(i - 1).until());
        }
    }

    @Test
    void should_follow_the_calendar_of_a_zone() {
        assertThat(ends(window("2025-03-29T23:00:00Z", "2025-03-31T22:00:00Z").inChunksOf(Period.ofDays(1), AMSTERDAM)))
                .containsExactly("2025-03-30T22:00:00Z", "2025-03-31T22:00:00Z");
        assertThat(ends(window("2025-01-31T00:00:00Z", "2025-05-01T00:00:00Z")
                        .inChunksOf(Period.ofMonths(1), ZoneId.of("UTC"))))
                .containsExactly(
                        "2025-02-28T00:00:00Z", "2025-03-31T00:00:00Z", "2025-04-30T00:00:00Z", "2025-05-01T00:00:00Z");
    }

    @Test
    void should_divide_numbers() {
        assertThat(ends(Backfill.of("orders", Position.of(1), Position.of(2501)).inChunksOf(1000)))
                .containsExactly("1001", "2001", "2501");
        assertThat(ends(Backfill.of("orders", Position.of(1), Position.of(Long.MAX_VALUE))
                        .inChunksOf(Long.MAX_VALUE / 2)))
                .containsExactly("4611686018427387904", "9223372036854775807");
    }

    @Test
    void should_refuse_chunks_that_do_not_divide_the_window() {
        Backfill days = window("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        Backfill numbers = Backfill.of("orders", Position.of(1), Position.of(100_000));

        assertRefused(() -> days.inChunksOf(Duration.ZERO), "the length of a chunk must be above zero, not PT0S");
        assertRefused(
                () -> days.inChunksOf(Period.of(0, 1, -1), AMSTERDAM),
                "the length of a chunk must be above zero, not P1M-1D");
        assertRefused(() -> numbers.inChunksOf(0), "a chunk must cover one number or more, not 0");
        assertRefused(
                () -> days.inChunksOf(7), "chunks of 7 divide positions of kind 'sequence', not of kind 'timestamp'");
        assertRefused(
                () -> numbers.inChunksOf(Duration.ofDays(1)),
                "chunks of PT24H divide positions of kind 'timestamp', not of kind 'sequence'");
        assertRefused(
                () -> numbers.inChunksOf(9),
                "a backfill has 10000 chunks at most: make them longer than 9, or the window shorter");
        assertRefused(
                () -> Backfill.of("orders", JANUARY, JANUARY).inChunksOf(Duration.ofDays(1)),
                "the window of a backfill must not be empty: [timestamp:2025-01-01T00:00:00Z,"
                        + " timestamp:2025-01-01T00:00:00Z)");
        assertThatThrownBy(() -> numbers.chunk(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void assertRefused(Runnable divide, String message) {
        assertThatThrownBy(divide::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    static List<Backfill> allKinds() {
        return List.of(
                Backfill.of("two words", new Position("cus tom", "a b\n"), new Position("cus tom", "")),
                window("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z").inChunksOf(Duration.ofHours(36)),
                window("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z").inChunksOf(Period.of(0, 1, 2), AMSTERDAM),
                Backfill.of("orders", Position.of(-5), Position.of(5)).inChunksOf(3));
    }

    @ParameterizedTest
    @MethodSource("allKinds")
    void should_be_read_as_it_was_written(Backfill backfill) {
        BackfillProgress begun = BackfillProgress.begin(backfill, JANUARY.plusNanos(1));

        for (BackfillProgress progress :
                List.of(begun, begun.toRun(42), begun.toRun(42).toStopped("a % b\u00e9\n"), begun.toDelivered())) {
            assertThat(BackfillText.read(BackfillText.write(progress))).isEqualTo(progress);
        }
    }
}
