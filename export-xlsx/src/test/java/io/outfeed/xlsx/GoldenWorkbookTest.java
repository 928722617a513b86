package io.outfeed.xlsx;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.xlsx.XlsxFormat.HeaderStyle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/**
 * The parts of a workbook, in their order, as a file has them. A change of them is a change of all files that hosts
 * write: {@code -Doutfeed.golden=write} writes them anew, to be read before they are committed.
 */
class GoldenWorkbookTest {

    private static final Path GOLDEN =
            Path.of(System.getProperty("basedir", "."), "src", "test", "resources", "golden", "gifts.txt");

    private static byte[] gifts() throws IOException {
        XlsxFormat format = XlsxFormat.builder()
                .sheetName("Gifts & pledges")
                .headerStyle(HeaderStyle.FILLED)
                .zone(ZoneId.of("Europe/Berlin"))
                .numberFormat("share", "0.0%")
                .width("note", 30)
                .trailer("Total", "{rows}", "", "{sum.amount}")
                .build();
        FileLayout layout = new FileLayout(
                List.of(
                        new Column("id", "Gift", Optional.of(ColumnType.text(10)), true, false),
                        Column.of("count"),
                        Column.of("open"),
                        Column.of("amount", ColumnType.decimal(10, 2)),
                        Column.of("share"),
                        Column.of("day"),
                        Column.of("at"),
                        Column.of("local"),
                        Column.of("changed"),
                        Column.of("note")),
                7,
                Instant.parse("2026-11-29T06:30:00Z"));
        return TestRecord.write(
                format,
                layout,
                new FileTotals(3, Map.of("amount", new BigDecimal("12.00"))),
                TestRecord.of(
                        "00123",
                        123_456_789_012L,
                        true,
                        new BigDecimal("12.50"),
                        new BigDecimal("0.125"),
                        LocalDate.of(1900, 3, 1),
                        LocalTime.of(23, 59, 59),
                        LocalDateTime.parse("2026-11-29T07:30:00.25"),
                        Instant.parse("2026-07-01T22:30:00Z"),
                        "=1+1"),
                TestRecord.of(
                        "1E5",
                        -7L,
                        false,
                        new BigDecimal("-0.50"),
                        1L,
                        LocalDate.of(9999, 12, 31),
                        LocalTime.MIDNIGHT,
                        LocalDateTime.parse("2000-02-29T00:00"),
                        null,
                        " \u00e9\ud83d\ude00, \"quoted\"\r\n_x0041_ <b> "),
                TestRecord.of("", null, null, null, null, null, null, null, null, "x".repeat(256)));
    }

    @Test
    void should_have_the_parts_of_the_golden_workbook() throws IOException {
        StringBuilder parts = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(gifts()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.append("== ").append(entry.getName()).append('\n');
                parts.append(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        if (System.getProperty("outfeed.golden", "").equals("write")) {
            Files.writeString(GOLDEN, parts);
            Files.write(Path.of(System.getProperty("java.io.tmpdir"), "gifts.xlsx"), gifts());
        }

        assertThat(parts).hasToString(Files.readString(GOLDEN));
    }
}
