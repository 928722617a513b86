package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in a {@link RecordSource} that has a watermark. The tests write records, each with a key
 * and a position, and read them back.
 *
 * <pre>{@code
 * class MySourceTest extends RecordSourceContract<Visit> {
 *     @Override
 *     protected RecordSource<Visit> source() {
 *         return new MySource(emptyDatabase);
 *     }
 *
 *     @Override
 *     protected void write(Parameters parameters, String key, Position position) {
 *         emptyDatabase.insert(new Visit(Long.parseLong(key), position.toInstant()));
 *     }
 *
 *     @Override
 *     protected String key(Visit record) {
 *         return Long.toString(record.id());
 *     }
 * }
 * }</pre>
 *
 * @param <T> the record type
 */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
public abstract class RecordSourceContract<T> {

    private static final Instant FIRST = Instant.parse("2026-03-01T12:00:00Z");

    private RecordSource<T> source;

    /** Made by JUnit, for each test. */
    protected RecordSourceContract() {}

    /**
     * Makes a source that has no records yet. Called once for each test, before anything is written.
     *
     * @return the source
     * @throws Exception if that fails; so does the test
     */
    protected abstract RecordSource<T> source() throws Exception;

    /**
     * Writes a record that the source has from now on.
     *
     * @param parameters those of the jobs that it belongs to
     * @param key its key, a whole number in decimal digits, which no other record of the test has
     * @param position its position
     * @throws Exception if that fails; so does the test
     */
    protected abstract void write(Parameters parameters, String key, Position position) throws Exception;

    /**
     * Reads the key off a record, as the definition's {@code recordKey} does.
     *
     * @param record a record of the source
     * @return its key
     */
    protected abstract String key(T record);

    /**
     * Makes a position. By default they are times, a microsecond apart, the closest that most databases distinguish;
     * override it for another watermark, or for a coarser clock.
     *
     * @param number 0 to 10,000
     * @return the position: the closest after that of the number before
     */
    protected Position position(int number) {
        return Position.of(FIRST.plus(number, ChronoUnit.MICROS));
    }

    /**
     * Returns the parameters with which the tests read.
     *
     * @return none by default
     */
    protected Parameters parameters() {
        return Parameters.of(Map.of());
    }

    /**
     * Returns parameters that belong to other records. Override it for a source that has parameters; by default the
     * tests of them are skipped.
     *
     * @return the parameters of another job, or empty if the source has none
     */
    protected Optional<Parameters> otherParameters() {
        return Optional.empty();
    }

    /**
     * Returns whether a session reads the records as they were when it was opened. Override it for a source that
     * promises this; by default the tests of it are skipped.
     *
     * @return false by default
     */
    protected boolean readsSnapshot() {
        return false;
    }

    @BeforeEach
    void makeSource() throws Exception {
        source = source();
    }

    private Window window(int from, int until) {
        return new Window(position(from), position(until));
    }

    private void write(int... numbers) throws Exception {
        for (int number : numbers) {
            write(parameters(), Integer.toString(number), position(number));
        }
    }

    /** The keys, in any order; a record that is read twice is in it twice. */
    private List<String> read(SourceSession<T> session, Window window) throws Exception {
        try (Stream<T> records = session.read(window)) {
            return records.map(this::key).toList();
        }
    }

    private List<String> read(Parameters parameters, Window window) throws Exception {
        try (SourceSession<T> session = source.open(parameters)) {
            return read(session, window);
        }
    }

    private List<String> read(int from, int until) throws Exception {
        return read(parameters(), window(from, until));
    }

    private List<String> find(Parameters parameters, Set<String> keys) throws Exception {
        try (SourceSession<T> session = source.open(parameters)) {
            Optional<Stream<T>> found = session.find(keys);
            assumeTrue(found.isPresent(), "skipped: this source has no lookup");
            try (Stream<T> records = found.orElseThrow()) {
                return records.map(this::key).toList();
            }
        }
    }

    @Nested
    class Windows {

        @Test
        void should_include_their_start_and_exclude_their_end() throws Exception {
            write(99, 100, 101, 199, 200, 201);

            assertThat(read(100, 200)).containsExactlyInAnyOrder("100", "101", "199");
        }

        @Test
        void should_follow_one_another_without_gap_or_duplicate() throws Exception {
            write(100, 101, 102, 103, 104, 105);

            List<String> all = new ArrayList<>();
            for (int from = 99; from < 107; from += 2) {
                all.addAll(read(from, from + 2));
            }

            assertThat(all).containsExactlyInAnyOrder("100", "101", "102", "103", "104", "105");
        }

        @Test
        void should_hold_one_position() throws Exception {
            write(100, 101, 102);

            assertThat(read(101, 102)).containsExactly("101");
        }

        @Test
        void should_be_empty_when_they_end_where_they_start() throws Exception {
            write(99, 100, 101);

            assertThat(read(100, 100)).isEmpty();
        }

        @Test
        void should_be_empty_without_records() throws Exception {
            assertThat(read(0, 10_000)).isEmpty();
            write(100);
            assertThat(read(101, 10_000)).isEmpty();
            assertThat(read(0, 100)).isEmpty();
        }

        @Test
        void should_hold_all_records_of_one_position() throws Exception {
            for (String key : List.of("1", "2", "3")) {
                write(parameters(), key, position(100));
            }

            assertThat(read(100, 101)).containsExactlyInAnyOrder("1", "2", "3");
            assertThat(read(99, 100)).isEmpty();
        }

        @Test
        void should_hold_each_of_many_records_once() throws Exception {
            List<String> expected = new ArrayList<>();
            for (int number = 1; number <= 2500; number++) { // more than a usual page
                write(number);
                expected.add(Integer.toString(number));
            }

            assertThat(read(1, 2501)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        }

        @Test
        void should_be_read_again_with_the_same_result() throws Exception {
            write(100, 101, 102);

            assertThat(read(100, 102)).containsExactlyInAnyOrder("100", "101");
            assertThat(read(100, 102)).containsExactlyInAnyOrder("100", "101");
        }
    }

    @Nested
    class Sessions {

        @Test
        void should_see_what_was_written_before_they_were_opened() throws Exception {
            write(100);
            assertThat(read(100, 200)).containsExactly("100");

            write(101);

            assertThat(read(100, 200)).containsExactlyInAnyOrder("100", "101");
        }

        @Test
        void should_not_disturb_one_another() throws Exception {
            write(100, 101, 102, 103);
            try (SourceSession<T> first = source.open(parameters());
                    Stream<T> stream = first.read(window(100, 104))) {
                List<String> ofFirst = new ArrayList<>();
                Iterator<T> records = stream.iterator();
                ofFirst.add(key(records.next()));

                assertThat(read(101, 103)).containsExactlyInAnyOrder("101", "102"); // opened, read and closed

                records.forEachRemaining(record -> ofFirst.add(key(record)));
                assertThat(ofFirst).containsExactlyInAnyOrder("100", "101", "102", "103");
            }
        }

        @Test
        void should_close_when_nothing_or_not_all_was_read() throws Exception {
            write(100, 101, 102);
            source.open(parameters()).close();
            try (SourceSession<T> session = source.open(parameters())) {
                session.read(window(100, 103)).close();
            }
            try (SourceSession<T> session = source.open(parameters());
                    Stream<T> records = session.read(window(100, 103))) {
                assertThat(records.iterator().hasNext()).isTrue();
            }

            assertThat(read(100, 103)).containsExactlyInAnyOrder("100", "101", "102");
        }

        @Test
        void should_be_opened_by_many_threads_at_once() throws Exception {
            write(100, 101, 102, 103);
            List<Callable<List<String>>> tasks =
                    List.of(() -> read(100, 104), () -> read(101, 103), () -> read(100, 104), () -> read(102, 104));

            List<List<String>> read = AtOnce.run(tasks);

            assertThat(read.get(0)).containsExactlyInAnyOrder("100", "101", "102", "103");
            assertThat(read.get(1)).containsExactlyInAnyOrder("101", "102");
            assertThat(read.get(2)).containsExactlyInAnyOrder("100", "101", "102", "103");
            assertThat(read.get(3)).containsExactlyInAnyOrder("102", "103");
        }

        @Test
        void should_read_the_same_after_they_were_asked_how_much_to_expect() throws Exception {
            write(99, 100, 101, 102);
            try (SourceSession<T> session = source.open(parameters())) {
                Window window = window(100, 102);

                OptionalLong expected = session.expectedRecords(window);

                expected.ifPresent(count -> assertThat(count).isNotNegative());
                assertThat(read(session, window)).containsExactlyInAnyOrder("100", "101");
            }
        }

        @Test
        void should_read_a_snapshot() throws Exception {
            assumeTrue(readsSnapshot(), "skipped: this source promises no snapshot");
            write(100);
            try (SourceSession<T> session = source.open(parameters())) {
                write(101);

                assertThat(read(session, window(100, 200))).containsExactly("100");
            }
            assertThat(read(100, 200)).containsExactlyInAnyOrder("100", "101");
        }
    }

    @Nested
    class LookUp {

        @Test
        void should_find_only_what_there_is() throws Exception {
            write(100, 101, 102);

            assertThat(find(parameters(), Set.of("100", "102", "999"))).containsExactlyInAnyOrder("100", "102");
            assertThat(find(parameters(), Set.of("101"))).containsExactly("101");
            assertThat(find(parameters(), Set.of("10", "1", "999"))).isEmpty();
        }

        @Test
        void should_find_nothing_without_keys() throws Exception {
            write(100);

            assertThat(find(parameters(), Set.of())).isEmpty();
        }

        @Test
        void should_find_what_belongs_to_the_parameters() throws Exception {
            Parameters others = otherParameters().orElse(parameters());
            assumeTrue(otherParameters().isPresent(), "skipped: this source has no parameters");
            write(parameters(), "1", position(100));
            write(others, "2", position(100));

            assertThat(find(parameters(), Set.of("1", "2"))).containsExactly("1");
            assertThat(find(others, Set.of("1", "2"))).containsExactly("2");
        }
    }

    @Nested
    class OfParameters {

        @Test
        void should_read_what_belongs_to_them() throws Exception {
            Parameters others = otherParameters().orElse(parameters());
            assumeTrue(otherParameters().isPresent(), "skipped: this source has no parameters");
            write(parameters(), "1", position(100));
            write(others, "2", position(100));
            write(others, "3", position(101));

            assertThat(read(parameters(), window(100, 200))).containsExactly("1");
            assertThat(read(others, window(100, 200))).containsExactlyInAnyOrder("2", "3");
        }
    }
}
