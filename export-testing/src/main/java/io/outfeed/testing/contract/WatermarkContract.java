package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in a {@link Watermark}.
 *
 * <pre>{@code
 * class RevisionWatermarkTest extends WatermarkContract<Visit> {
 *     @Override
 *     protected Watermark<Visit> watermark() {
 *         return new RevisionWatermark();
 *     }
 *
 *     @Override
 *     protected List<Visit> records() {
 *         return List.of(new Visit(9), new Visit(10), new Visit(100));
 *     }
 * }
 * }</pre>
 *
 * @param <T> the record type
 */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
public abstract class WatermarkContract<T> {

    /** What the engine's clock shows when the tests start. */
    protected static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private Watermark<T> watermark;
    private List<T> records;

    /** Made by JUnit, for each test. */
    protected WatermarkContract() {}

    /**
     * Makes a watermark.
     *
     * @return the watermark
     * @throws Exception if that fails; so does the test
     */
    protected abstract Watermark<T> watermark() throws Exception;

    /**
     * Gives records whose positions grow: each lies behind the one before. Take some that a comparison as text would
     * put in another order, such as 9 and 10.
     *
     * @return three or more
     * @throws Exception if that fails; so does the test
     */
    protected abstract List<T> records() throws Exception;

    /**
     * Opens a session in which the watermark is asked how far a window may reach. Override it for a watermark that asks
     * the source.
     *
     * @return a session that reads nothing, by default
     * @throws Exception if that fails; so does the test
     */
    protected SourceSession<T> session() throws Exception {
        return window -> Stream.empty();
    }

    @BeforeEach
    void make() throws Exception {
        watermark = watermark();
        records = records();
        assertThat(records).as("records()").hasSizeGreaterThan(2);
    }

    private Position until(SettableClock clock) throws Exception {
        try (SourceSession<T> session = session()) {
            return watermark.until(session, clock);
        }
    }

    /** Those of the records, in their order. */
    private List<Position> positions() throws Exception {
        List<Position> positions = new ArrayList<>();
        for (T record : records) {
            watermark.positionOf(record).ifPresent(positions::add);
        }
        assumeFalse(positions.isEmpty(), "skipped: the records of this watermark carry no position");
        assertThat(positions).as("records either all carry a position or none").hasSameSizeAs(records);
        return positions;
    }

    @Test
    void should_have_one_kind() throws Exception {
        assertThat(watermark.kind()).isNotBlank().isEqualTo(watermark().kind());
        assertThat(watermark.beginning().kind()).isEqualTo(watermark.kind());
        assertThat(until(SettableClock.at(NOW)).kind()).isEqualTo(watermark.kind());
        for (T record : records) {
            assertThat(watermark.positionOf(record).map(Position::kind).orElse(watermark.kind()))
                    .isEqualTo(watermark.kind());
        }
    }

    @Test
    void should_start_always_at_the_same_position() throws Exception {
        assertThat(watermark.beginning())
                .isEqualTo(watermark.beginning())
                .isEqualTo(watermark().beginning());
    }

    @Test
    void should_start_before_every_record_and_before_the_end_of_a_window() throws Exception {
        Position beginning = watermark.beginning();

        assertThat(watermark.compare(beginning, until(SettableClock.at(NOW)))).isNotPositive();
        for (T record : records) {
            Optional<Position> position = watermark.positionOf(record);
            if (position.isPresent()) {
                assertThat(watermark.compare(beginning, position.get())).isNotPositive();
            }
        }
    }

    @Test
    void should_not_go_back_with_the_end_of_a_window() throws Exception {
        SettableClock clock = SettableClock.at(NOW);
        Position before = until(clock);
        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofHours(7));
            Position after = until(clock);
            assertThat(watermark.compare(before, after))
                    .as("%s, then %s", before, after)
                    .isNotPositive();
            before = after;
        }
    }

    @Test
    void should_order_the_positions_of_records() throws Exception {
        List<Position> positions = positions();
        for (int i = 0; i < positions.size(); i++) {
            for (int j = 0; j < positions.size(); j++) {
                assertThat(Integer.signum(watermark.compare(positions.get(i), positions.get(j))))
                        .as("%s against %s", positions.get(i), positions.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void should_read_back_a_position_that_was_kept_as_text() throws Exception {
        List<Position> positions = positions();
        for (Position position : positions) {
            Position kept =
                    new Position(position.kind(), new String(position.text().toCharArray()));

            assertThat(watermark.compare(position, kept)).as("%s", position).isZero();
            assertThat(position.text()).doesNotContain("\n", "\r");
        }
        Position until = until(SettableClock.at(NOW));
        assertThat(watermark.compare(
                        until,
                        new Position(until.kind(), new String(until.text().toCharArray()))))
                .isZero();
    }

    @Test
    void should_read_the_same_position_off_a_record_each_time() throws Exception {
        List<Position> positions = positions();
        Watermark<T> another = watermark();
        for (int i = 0; i < positions.size(); i++) {
            assertThat(watermark.positionOf(records.get(i))).contains(positions.get(i));
            assertThat(another.positionOf(records.get(i))).contains(positions.get(i));
        }
    }

    @Test
    void should_be_used_by_many_threads_at_once() throws Exception {
        List<Position> positions = positions();
        Position beginning = watermark.beginning();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            tasks.add(() -> {
                for (int i = 0; i < 500; i++) {
                    T record = records.get(i % records.size());
                    Position position = watermark.positionOf(record).orElseThrow();
                    if (!position.equals(positions.get(i % records.size()))
                            || watermark.compare(beginning, position) > 0) {
                        return false;
                    }
                }
                return true;
            });
        }

        assertThat(AtOnce.run(tasks)).doesNotContain(false);
    }
}
