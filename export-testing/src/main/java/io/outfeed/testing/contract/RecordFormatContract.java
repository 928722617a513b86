package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.format.CellType;
import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RecordFormat} must do. An implementation extends it, and says how its files are read back: best by
 * a reader that the receivers of its files use.
 *
 * <p>The texts of {@link #read} are as a receiver sees them; the contract compares texts of letters only, so that a
 * format may pad, quote, or write dates in its own way.
 */
public abstract class RecordFormatContract {

    /** A column of each type. */
    private static final FileLayout TYPES = new FileLayout(List.of(
            Column.of("name", ColumnType.text(20)),
            Column.of("count", ColumnType.integer(5)),
            Column.of("fee", ColumnType.decimal(8, 2)),
            Column.of("open", ColumnType.bool()),
            Column.of("day", ColumnType.date()),
            Column.of("at", ColumnType.time()),
            Column.of("local", ColumnType.timestamp()),
            Column.of("changed", ColumnType.instant()),
            Column.of("any")));

    private static final @Nullable Object[] FULL = {
        "alpha",
        7L,
        new BigDecimal("-12.50"),
        true,
        LocalDate.of(2026, 11, 29),
        LocalTime.of(7, 30),
        LocalDateTime.of(2026, 11, 29, 7, 30),
        Instant.parse("2026-11-29T06:30:00Z"),
        "omega"
    };

    private static final @Nullable Object[] EMPTY = new @Nullable Object[TYPES.size()];

    private static final FileTotals NO_ROWS = new FileTotals(0, Map.of());

    private RecordFormat format;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // before each test
    protected RecordFormatContract() {}

    /**
     * Makes the format.
     *
     * @param layout the columns of the files that are going to be written, which a format with options for single
     *     columns needs
     * @return the format; equal to others of the same layout
     */
    protected abstract RecordFormat format(FileLayout layout);

    /**
     * Reads a file back.
     *
     * @param file the bytes
     * @param layout its columns
     * @return the texts of the records, without those of headers and trailers; an empty text for an empty cell
     * @throws Exception if it is no file of the format
     */
    protected abstract List<List<String>> read(byte[] file, FileLayout layout) throws Exception;

    /**
     * Returns a text that the format rejects.
     *
     * @return the text, half of a surrogate pair by default
     */
    protected String rejectedText() {
        return "\uD83D";
    }

    @BeforeEach
    void makeFormat() {
        format = format(TYPES);
    }

    /** A record of plain values. */
    private record Row(List<@Nullable Object> values) implements RecordCells {

        @Override
        public int size() {
            return values.size();
        }

        @Override
        public @Nullable String text(int column) {
            Object value = values.get(column);
            if (value instanceof BigDecimal decimal) {
                return decimal.toPlainString();
            }
            return value == null ? null : value.toString();
        }

        @Override
        public CellType type(int column) {
            Object value = values.get(column);
            if (value instanceof Long) {
                return CellType.INTEGER;
            } else if (value instanceof BigDecimal) {
                return CellType.DECIMAL;
            } else if (value instanceof Boolean) {
                return CellType.BOOLEAN;
            } else if (value instanceof LocalDate) {
                return CellType.DATE;
            } else if (value instanceof LocalTime) {
                return CellType.TIME;
            } else if (value instanceof LocalDateTime) {
                return CellType.TIMESTAMP;
            }
            return value instanceof Instant ? CellType.INSTANT : CellType.TEXT;
        }

        @Override
        public @Nullable Object value(int column) {
            return values.get(column);
        }

        @Override
        public String toString() {
            return values.size() + " cells";
        }
    }

    private static byte[] write(RecordFormat format, FileLayout layout, List<@Nullable Object[]> rows)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(layout, bytes)) {
            for (@Nullable Object[] row : rows) {
                writer.write(new Row(Arrays.asList(row)));
            }
            writer.finish(new FileTotals(rows.size(), Map.of()));
        }
        return bytes.toByteArray();
    }

    private static @Nullable Object[] named(String name) {
        @Nullable Object[] row = FULL.clone();
        row[0] = name;
        return row;
    }

    @Test
    void should_take_columns_of_all_types() {
        assertThat(format.problems(TYPES)).isEmpty();
    }

    @Test
    void should_write_records_in_their_order() throws Exception {
        byte[] file = write(format, TYPES, List.of(named("alpha"), named("beta"), named("gamma")));

        assertThat(read(file, TYPES))
                .allMatch(
                        row -> row.size() == TYPES.size() && row.get(8).strip().equals("omega"))
                .extracting(row -> row.get(0).strip())
                .containsExactly("alpha", "beta", "gamma");
    }

    @Test
    void should_write_empty_cells() throws Exception {
        byte[] file = write(format, TYPES, List.of(EMPTY, named("beta")));

        assertThat(read(file, TYPES))
                .hasSize(2)
                .last()
                .satisfies(row -> assertThat(row.get(0).strip()).isEqualTo("beta"));
        assertThat(read(file, TYPES).get(0)).hasSize(TYPES.size());
    }

    @Test
    void should_write_a_file_without_records() throws Exception {
        assertThat(read(write(format, TYPES, List.of()), TYPES)).isEmpty();
    }

    @Test
    void should_write_many_records() throws Exception {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rows.add(named("row" + i));
        }

        List<List<String>> read = read(write(format, TYPES, rows), TYPES);

        assertThat(read).hasSize(3_000);
        assertThat(read.get(2_999).get(0).strip()).isEqualTo("row2999");
    }

    @Test
    void should_write_the_same_bytes_again() throws Exception {
        byte[] file = write(format, TYPES, List.of(FULL, EMPTY));

        assertThat(write(format, TYPES, List.of(FULL, EMPTY))).isEqualTo(file);
        assertThat(write(format(TYPES), TYPES, List.of(FULL, EMPTY))).isEqualTo(file);
    }

    @Test
    void should_write_several_files_at_once() throws Exception {
        byte[] expected = write(format, TYPES, List.of(FULL, EMPTY));
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        try (RecordWriter one = format.open(TYPES, first);
                RecordWriter other = format.open(TYPES, second)) {
            for (RecordWriter writer : List.of(one, other)) {
                writer.write(new Row(Arrays.asList(FULL)));
            }
            for (RecordWriter writer : List.of(other, one)) {
                writer.write(new Row(Arrays.asList(EMPTY)));
                writer.finish(new FileTotals(2, Map.of()));
            }
        }

        assertThat(first.toByteArray()).isEqualTo(expected);
        assertThat(second.toByteArray()).isEqualTo(expected);
    }

    @Test
    void should_be_used_by_several_threads() throws Exception {
        byte[] expected = write(format, TYPES, List.of(FULL, EMPTY));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<byte[]> file = () -> write(format, TYPES, List.of(FULL, EMPTY));
            List<Callable<byte[]>> files = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                files.add(file);
            }
            for (Future<byte[]> written : threads.invokeAll(files)) {
                assertThat(written.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void should_write_nothing_of_a_rejected_record() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        @Nullable Object[] rejected = FULL.clone();
        rejected[8] = rejectedText();
        try (RecordWriter writer = format.open(TYPES, bytes)) {
            writer.write(new Row(Arrays.asList(FULL)));
            assertThatThrownBy(() -> writer.write(new Row(Arrays.asList(rejected))))
                    .isInstanceOfSatisfying(
                            RejectedCellException.class,
                            e -> assertThat(e.column()).isEqualTo(8))
                    .message()
                    .doesNotContain(rejectedText());
            writer.write(new Row(Arrays.asList(EMPTY)));
            writer.finish(new FileTotals(2, Map.of()));
        }

        assertThat(bytes.toByteArray()).isEqualTo(write(format, TYPES, List.of(FULL, EMPTY)));
    }

    @Test
    void should_count_bytes_upwards() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter writer = format.open(TYPES, bytes)) {
            long before = writer.bytes();
            for (int i = 0; i < 2_000; i++) {
                writer.write(new Row(Arrays.asList(FULL)));
                assertThat(writer.bytes()).isGreaterThanOrEqualTo(format.measuresRecords() ? before + 1 : before);
                before = writer.bytes();
            }
            writer.flush();
            assertThat(bytes.size()).isLessThanOrEqualTo(Math.toIntExact(writer.bytes()));
            assertThat(before).isPositive();
            writer.finish(new FileTotals(2_000, Map.of()));
        }
    }

    @Test
    void should_close_a_file_that_is_given_up_and_close_twice() throws Exception {
        int[] closed = {0};
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0]++;
            }
        };
        RecordWriter writer = format.open(TYPES, out);
        writer.write(new Row(Arrays.asList(FULL)));

        writer.close();
        writer.close();

        assertThat(closed[0]).isPositive();
    }

    @Test
    void should_report_that_the_file_takes_no_bytes() throws Exception {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };

        assertThatThrownBy(() -> {
                    try (RecordWriter writer = format.open(TYPES, full)) {
                        writer.write(new Row(Arrays.asList(FULL)));
                        writer.finish(NO_ROWS);
                        writer.flush();
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("no space left");
    }

    @Test
    void should_be_comparable_and_name_its_options() {
        assertThat(format).isEqualTo(format(TYPES)).hasSameHashCodeAs(format(TYPES));
        assertThat(format.toString())
                .doesNotContain("@")
                .isEqualTo(format(TYPES).toString());
    }
}
