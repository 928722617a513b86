package io.outfeed.benchmarks;

import io.outfeed.ExportDefinition;
import io.outfeed.field.Fields;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records of twenty mixed fields: whole numbers, amounts, times, dates, booleans, enums, and texts, of which some need
 * quotes and some are beyond ASCII; about one value in twenty is null. A few thousand that differ, again and again, so
 * that making them is not what is measured.
 */
final class MixedRows implements Iterable<MixedRows.Row> {

    static final List<String> HEADERS =
            IntStream.range(0, 20).mapToObj(column -> "column_" + column).toList();

    private static final int DIFFERENT = 4_096;

    private static final String[] TEXTS = {
        "Lakeside College",
        "call",
        "Boat house, old",
        "Scholarship \"1998\"",
        "Zürich",
        "two\r\nlines",
        "日本語",
        "a note that an employee has typed after a long call, and which is never read again",
        "x",
        "office@lakeside.example"
    };

    private final List<Row> rows;
    private final int count;

    private MixedRows(List<Row> rows, int count) {
        this.rows = rows;
        this.count = count;
    }

    /**
     * A record.
     *
     * @param values a value for each header
     */
    record Row(int key, List<@Nullable Object> values) {}

    static MixedRows typed(int count) {
        Random random = new Random(1);
        return new MixedRows(
                IntStream.range(0, DIFFERENT).mapToObj(key -> row(key, random)).toList(), count);
    }

    /** The same, with the text of each value in its stead. */
    static MixedRows texts(int count) {
        List<Row> texts = new ArrayList<>();
        for (Row row : typed(count).rows) {
            texts.add(new Row(
                    row.key(),
                    Arrays.asList(row.values().stream()
                            .map(value -> value == null ? null : value.toString())
                            .toArray())));
        }
        return new MixedRows(texts, count);
    }

    private static Row row(int key, Random random) {
        @Nullable Object[] values = new @Nullable Object[HEADERS.size()];
        for (int column = 1; column < values.length; column++) {
            values[column] = random.nextInt(20) == 0 ? null : value(column, random);
        }
        values[0] = 1_000_000 + key;
        return new Row(key, Arrays.asList(values));
    }

    private static Object value(int column, Random random) {
        return switch (column % 10) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong();
            case 2, 3 -> BigDecimal.valueOf(random.nextInt(10_000_000), 2);
            case 4 ->
                Instant.ofEpochSecond(1_500_000_000L + random.nextInt(300_000_000), random.nextInt(1000) * 1_000_000L);
            case 5 -> LocalDate.ofEpochDay(random.nextInt(20_000));
            case 6 -> random.nextBoolean();
            case 7 -> DayOfWeek.of(1 + random.nextInt(7));
            default -> TEXTS[random.nextInt(TEXTS.length)];
        };
    }

    /** Returns a column for each header. */
    static <R> Fields<R> fields(Class<R> type, Function<R, Row> row) {
        Fields.Builder<R> fields = Fields.builder(type);
        for (int i = 0; i < HEADERS.size(); i++) {
            int column = i;
            fields.field(
                    HEADERS.get(column), record -> row.apply(record).values().get(column));
        }
        return fields.build();
    }

    /** Returns the export of the records to a file. */
    ExportDefinition<Row> definition() {
        return ExportDefinition.builder("records", Row.class)
                .source(RecordSource.of(window -> stream()))
                .recordKey(Row::key)
                .watermark(Watermark.fullSnapshot())
                .fields(fields(Row.class, Function.identity()))
                .file(f -> f.name(WrittenFile.NAME))
                .build();
    }

    Stream<Row> stream() {
        return IntStream.range(0, count).mapToObj(this::get);
    }

    @Override
    public Iterator<Row> iterator() {
        return stream().iterator();
    }

    Row get(int number) {
        return rows.get(number % DIFFERENT);
    }
}
