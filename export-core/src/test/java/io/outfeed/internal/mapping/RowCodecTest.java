package io.outfeed.internal.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.field.Fields;
import io.outfeed.field.ValueTexts;
import io.outfeed.internal.io.ByteOutput;
import io.outfeed.internal.io.StringCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowCodecTest {

    /** Values whose classes are kept, texts, and others; at the ends of what each can be. */
    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null,
            "",
            "text",
            "Zürich",
            "日本語 \uD83D\uDE00",
            (byte) -1,
            (short) 7,
            42,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            new BigInteger("123456789012345678901234567890"),
            new BigDecimal("-12.340"),
            new BigDecimal("1E+5"),
            new BigDecimal("1E-30"),
            new BigDecimal("12345678901234567890.12"),
            0.1,
            1.0f,
            true,
            false,
            LocalDate.MIN,
            LocalDate.of(2026, 2, 28),
            LocalDate.MAX,
            LocalTime.MIN,
            LocalTime.of(12, 34, 56, 7_000_000),
            LocalTime.MAX,
            LocalDateTime.of(2026, 2, 28, 23, 59),
            LocalDateTime.MAX,
            Instant.MIN,
            Instant.parse("2026-02-28T12:00:00.1Z"),
            Instant.MAX,
            OffsetDateTime.parse("2026-02-28T12:00:00+05:30"),
            ZonedDateTime.parse("2026-02-28T12:00:00+01:00[Europe/Zurich]"),
            DayOfWeek.MONDAY,
            UUID.fromString("12345678-1234-1234-1234-123456789012"));

    private static RowCells row() {
        Fields.Builder<Integer> fields = Fields.builder(Integer.class);
        for (int i = 0; i < VALUES.size(); i++) {
            int column = i;
            fields.field("column_" + i, record -> VALUES.get(column));
        }
        return new RowMapper<Integer>(fields.build().mappings(), new CellText(ValueTexts.defaults(), "job=visits"))
                .map(7, "7");
    }

    private static ByteBuffer values(RowCells row) {
        ByteOutput out = new ByteOutput();
        RowCodec.writeValues(out, row);
        return ByteBuffer.wrap(out.copy());
    }

    @Test
    void should_read_back_the_texts_and_types_of_all_values() throws IOException {
        RowCells row = row();
        ByteBuffer bytes = values(row);

        RowCells read = RowCodec.readValues(bytes);

        assertThat(bytes.hasRemaining()).isFalse();
        for (int i = 0; i < row.size(); i++) {
            assertThat(read.text(i)).as("%s", VALUES.get(i)).isEqualTo(row.text(i));
            assertThat(read.type(i)).as("%s", VALUES.get(i)).isEqualTo(row.type(i));
        }
    }

    @Test
    void should_read_back_values_without_making_texts_of_them() throws IOException {
        RowCells read = RowCodec.readValues(values(row()));

        long texts = IntStream.range(0, read.size())
                .filter(i -> read.raw(i) instanceof String && !(VALUES.get(i) instanceof String))
                .count();
        assertThat(texts)
                .as("of a BigInteger, a BigDecimal, floating points, times with zones, others")
                .isLessThan(10);
    }

    @Test
    void should_write_the_texts_that_hashes_of_delivered_rows_are_made_of() throws IOException {
        RowCells row = row();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(expected);
        out.writeInt(row.size());
        for (Cell cell : row.toList()) {
            StringCodec.writeNullable(out, cell == null ? null : cell.text());
            if (cell != null) {
                out.writeByte(CellCodec.code(cell.type()));
            }
        }
        ByteOutput texts = new ByteOutput();

        new RowCodec().writeTexts(texts, row());

        assertThat(texts.copy()).isEqualTo(expected.toByteArray());
    }

    @Test
    void should_refuse_what_it_has_not_written() {
        assertThatThrownBy(() -> RowCodec.readValues(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 127})))
                .isInstanceOf(IOException.class)
                .hasMessage("a value of kind 15");
        assertThatThrownBy(() -> RowCodec.readValues(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 8, 0, 0, 0, 9, 1})))
                .isInstanceOf(IOException.class)
                .hasMessage("the length of a text is 9");
    }
}
