package io.outfeed.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.field.ValueTexts;
import io.outfeed.format.CellType;
import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.value.ValueText;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CellTest {

    private static final ValueText TEXTS = new ValueText(ValueTexts.defaults());
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final BigInteger BEYOND_LONG = new BigInteger("9223372036854775808");

    /**
     * A value of a record, and that of its cell.
     *
     * @param cell the value that a format gets
     */
    record Pair(Object value, CellType type, Object cell) {}

    static Stream<Pair> values() {
        return Stream.of(
                new Pair("12", CellType.TEXT, "12"),
                new Pair('c', CellType.TEXT, "c"),
                new Pair((byte) -1, CellType.INTEGER, -1L),
                new Pair((short) 7, CellType.INTEGER, 7L),
                new Pair(Integer.MIN_VALUE, CellType.INTEGER, (long) Integer.MIN_VALUE),
                new Pair(Long.MIN_VALUE, CellType.INTEGER, Long.MIN_VALUE),
                new Pair(Long.MAX_VALUE, CellType.INTEGER, Long.MAX_VALUE),
                new Pair(BEYOND_LONG, CellType.INTEGER, BEYOND_LONG),
                new Pair(BigInteger.TEN, CellType.INTEGER, 10L),
                new Pair(0.1, CellType.DECIMAL, new BigDecimal("0.1")),
                new Pair(1E20f, CellType.DECIMAL, new BigDecimal("100000000000000000000")),
                new Pair(new BigDecimal("12.50"), CellType.DECIMAL, new BigDecimal("12.50")),
                new Pair(new BigDecimal("1E+3"), CellType.DECIMAL, new BigDecimal("1000")),
                new Pair(true, CellType.BOOLEAN, true),
                new Pair(LocalDate.of(-44, 3, 15), CellType.DATE, LocalDate.of(-44, 3, 15)),
                new Pair(LocalDate.MAX, CellType.DATE, LocalDate.MAX),
                new Pair(LocalTime.of(7, 30), CellType.TIME, LocalTime.of(7, 30)),
                new Pair(LocalTime.MAX, CellType.TIME, LocalTime.MAX),
                new Pair(
                        LocalDateTime.of(2026, 11, 29, 7, 0), CellType.TIMESTAMP, LocalDateTime.of(2026, 11, 29, 7, 0)),
                new Pair(LocalDateTime.MIN, CellType.TIMESTAMP, LocalDateTime.MIN),
                new Pair(NOON, CellType.INSTANT, NOON),
                new Pair(NOON.plusNanos(1), CellType.INSTANT, NOON.plusNanos(1)),
                new Pair(Instant.MAX, CellType.INSTANT, Instant.MAX),
                new Pair(NOON.atOffset(ZoneOffset.ofHoursMinutes(-3, -30)), CellType.INSTANT, NOON),
                new Pair(NOON.atOffset(ZoneOffset.ofTotalSeconds(61)), CellType.INSTANT, NOON),
                new Pair(NOON.atZone(ZoneId.of("Europe/Berlin")), CellType.INSTANT, NOON),
                new Pair(OffsetDateTime.MAX, CellType.INSTANT, OffsetDateTime.MAX.toInstant()));
    }

    private static Cell cell(Object value) {
        return new Cell(String.valueOf(TEXTS.of(value)), TEXTS.type(value));
    }

    @ParameterizedTest(name = "case {index}") // a year may have ten digits
    @MethodSource("values")
    void should_give_the_value_of_a_record(Pair pair) {
        assertThat(cell(pair.value()).type()).isEqualTo(pair.type());
        assertThat(cell(pair.value()).value()).isEqualTo(pair.cell());
    }

    @Test
    void should_have_a_value_of_each_type() {
        assertThat(values().map(Pair::type)).contains(CellType.values());
    }

    @ParameterizedTest
    @EnumSource
    void should_survive_a_file(CellType type) throws IOException {
        List<@Nullable Cell> cells = List.of(new Cell("7", type));
        ByteOutput bytes = new ByteOutput();
        RowCodec.writeTexts(bytes, cells);

        assertThat(CellCodec.read(new DataInputStream(new ByteArrayInputStream(bytes.copy()))))
                .isEqualTo(cells);
    }

    @Test
    void should_take_for_text_what_the_hosts_code_has_made() {
        ValueText texts = new ValueText(ValueTexts.builder()
                .type(LocalDate.class, date -> "day " + date.getDayOfYear())
                .build());
        LocalDate date = LocalDate.of(2026, 1, 9);

        assertThat(new Cell(String.valueOf(texts.of(date)), texts.type(date)).value())
                .isEqualTo("day 9");
        assertThat(Map.of(1, cell(date))).hasToString("{1=DATE cell}");
    }
}
