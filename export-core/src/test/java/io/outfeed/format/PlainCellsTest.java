package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.format.CsvFormat.Escape;
import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.Quote;
import io.outfeed.format.CsvFormat.Quoting;
import io.outfeed.internal.mapping.CellText;
import io.outfeed.internal.mapping.RowCells;
import io.outfeed.internal.mapping.RowMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is written without commons-csv: the same bytes as commons-csv writes for the same cells, whatever the dialect.
 * Its way is taken by hiding the values.
 */
class PlainCellsTest {

    private static final int COLUMNS = 4;
    private static final int ROWS = 4_000;
    private static final CsvFormat USUAL =
            CsvFormat.builder().header(Header.ABSENT).build();
    private static final int[] NANOS = {0, 1, 1_000, 1_000_000, 100_000_000, 120_000_000, 123_456_000, 999_999_999};

    /** Shows the texts of cells, and not their values. */
    private record Texts(RowCells cells) implements RecordCells {

        @Override
        public int size() {
            return cells.size();
        }

        @Override
        public @Nullable String text(int column) {
            return cells.text(column);
        }

        @Override
        public CellType type(int column) {
            return cells.type(column);
        }

        @Override
        public @Nullable Object value(int column) {
            return cells.value(column);
        }
    }

    static Stream<CsvFormat> dialects() {
        List<CsvFormat.Builder> builders = new ArrayList<>();
        for (char delimiter : new char[] {',', ';', '\t', '|', '-', ':', '.', '+', '#', '!', '\\'}) {
            for (Quote quote : Quote.values()) {
                builders.add(CsvFormat.builder().delimiter(delimiter).quote(quote));
            }
        }
        for (Quoting quoting : Quoting.values()) {
            builders.add(CsvFormat.builder().quoting(quoting));
            builders.add(CsvFormat.builder().quoting(quoting).nullText("0"));
        }
        for (String nulls : List.of("", "\\N", "NULL", "true", "7")) {
            builders.add(CsvFormat.builder().nullText(nulls));
        }
        for (Charset charset : List.of(
                StandardCharsets.ISO_8859_1,
                StandardCharsets.US_ASCII,
                StandardCharsets.UTF_16LE,
                Charset.forName("windows-1252"),
                Charset.forName("ISO-2022-JP"),
                Charset.forName("Shift_JIS"),
                Charset.forName("IBM500"))) {
            builders.add(CsvFormat.builder().charset(charset));
            builders.add(CsvFormat.builder().charset(charset).replacement("?"));
        }
        builders.add(CsvFormat.builder().escape(Escape.BACKSLASH));
        builders.add(CsvFormat.builder().formulaGuard(FormulaGuard.APOSTROPHE));
        builders.add(CsvFormat.builder().quoting("c1", Quoting.ALL));
        return builders.stream().map(builder -> builder.header(Header.ABSENT).build());
    }

    /** Writes rows, leaves out those that are rejected, and tells which. */
    private static String write(CsvFormat format, int columns, Iterable<? extends RecordCells> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder rejected = new StringBuilder();
        try (RecordWriter writer = format.open(Tables.layout(columns), bytes)) {
            for (RecordCells row : rows) {
                try {
                    writer.write(row);
                } catch (RejectedCellException e) {
                    rejected.append(writer.bytes())
                            .append(' ')
                            .append(e.column())
                            .append(e.getMessage())
                            .append('\n');
                }
            }
            rejected.append(writer.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1) + rejected;
    }

    private static void compare(CsvFormat format, int columns, List<RowCells> rows) {
        String expected = write(format, columns, rows.stream().map(Texts::new).toList());

        String written = write(format, columns, rows);

        int end = Math.min(written.length(), expected.length());
        int same = 0;
        while (same < end && written.charAt(same) == expected.charAt(same)) {
            same++;
        }
        assertThat(around(written, same)).isEqualTo(around(expected, same));
        assertThat(written).hasSameSizeAs(expected);
    }

    /** What a person can read of a long text. */
    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 50), Math.min(text.length(), at + 50));
    }

    private static RowCells row(RowMapper<@Nullable Object[]> mapper, @Nullable Object... values) {
        return mapper.map(values, "key");
    }

    private static RowMapper<@Nullable Object[]> mapper(int columns) {
        Fields.Builder<@Nullable Object[]> fields = Fields.builder(Object[].class);
        for (int i = 0; i < columns; i++) {
            int column = i;
            fields.field(Integer.toString(column), values -> values[column]);
        }
        return new RowMapper<>(fields.build().mappings(), new CellText(ValueTexts.defaults(), "job=rows"));
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void should_write_values_as_commons_csv_does(CsvFormat format) {
        Random random = new Random(20);
        RowMapper<@Nullable Object[]> mapper = mapper(COLUMNS);
        List<RowCells> rows = IntStream.range(0, ROWS)
                .mapToObj(row -> row(mapper, value(random), value(random), value(random), value(random)))
                .toList();

        compare(format, COLUMNS, rows);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void should_write_every_character_as_commons_csv_does(CsvFormat format) {
        RowMapper<@Nullable Object[]> mapper = mapper(2);
        List<RowCells> rows = new ArrayList<>();
        for (int character = 0; character <= Character.MAX_VALUE; character++) {
            // all of them in the usual dialect, and some of the many that all charsets treat alike
            if (!format.equals(USUAL) && character > 0x500 && character < 0xd700 && character % 97 != 0) {
                continue;
            }
            String c = Character.toString((char) character);
            rows.add(row(mapper, c, c));
            rows.add(row(mapper, c + "a", c + "a"));
            rows.add(row(mapper, "a" + c + "b", "a" + c + "b"));
            rows.add(row(mapper, "a" + c, "a" + c));
        }

        compare(format, 2, rows);
    }

    private static @Nullable Object value(Random random) {
        long seconds = random.nextInt(20) == 0
                ? random.nextLong(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())
                : random.nextLong(-80_000_000_000L, 270_000_000_000L);
        int nano = NANOS[random.nextInt(NANOS.length)];
        Instant instant = Instant.ofEpochSecond(seconds, nano);
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds % 300_000_000_000L, nano, ZoneOffset.UTC);
        return switch (random.nextInt(19)) {
            case 0 -> null;
            case 1 -> random.nextInt() >> random.nextInt(32);
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
            case 4 -> (short) random.nextInt();
            case 5 -> (byte) random.nextInt();
            case 6 -> new BigInteger(random.nextInt(1, 100), random);
            case 7 -> BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(-5, 25));
            case 8 -> new BigDecimal(new BigInteger(80, random), random.nextInt(-5, 25)).negate();
            case 9 -> random.nextGaussian();
            case 10 -> random.nextBoolean();
            case 11 -> DayOfWeek.of(random.nextInt(1, 8));
            case 12 -> instant;
            case 13 -> time;
            case 14 -> time.toLocalDate();
            case 15 -> time.toLocalTime();
            case 16 -> time.atOffset(ZoneOffset.ofTotalSeconds(random.nextInt(-18, 19) * 1800 + random.nextInt(2)));
            case 17 -> Optional.of(time.atZone(ZoneId.of("Europe/Zurich")));
            default -> text(random);
        };
    }

    private static String text(Random random) {
        String characters = "ab 0-=+@'\"\\,;|\t\r\n\0#!.:N\u00e9\u20ac\u65e5\ufeff\ud83d\ude00";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
