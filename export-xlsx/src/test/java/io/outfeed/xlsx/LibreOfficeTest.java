package io.outfeed.xlsx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import io.outfeed.format.FileLayout;
import io.outfeed.format.FileTotals;
import io.outfeed.xlsx.XlsxFormat.WhenFull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spreadsheet program opens the files, and shows what was exported. Needs the program {@code soffice}. */
@Tag("slow")
class LibreOfficeTest {

    private static final Optional<Path> SOFFICE = Stream.of(
                    System.getenv("PATH").split(":"))
            .map(directory -> Path.of(directory, "soffice"))
            .filter(Files::isExecutable)
            .findFirst();

    /** Of UTF-8 with commas, quotes where needed, cells as they are shown, all sheets in files of their own. */
    private static final String CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1";

    @TempDir
    private Path home;

    @BeforeAll
    static void needProgram() {
        assumeTrue(SOFFICE.isPresent(), "LibreOffice is not installed: no spreadsheet program reads the files");
    }

    private String show(Path workbook, String sheet) throws Exception {
        Path log = home.resolve("log");
        Process process = new ProcessBuilder(
                        SOFFICE.orElseThrow().toString(),
                        "-env:UserInstallation=" + home.resolve("profile").toUri(),
                        "--headless",
                        "--convert-to",
                        CSV,
                        "--outdir",
                        home.toString(),
                        workbook.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return Files.readString(home.resolve("gifts-" + sheet + ".csv"));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(home.resolve("gifts.xlsx"), bytes);
    }

    @Test
    void should_be_shown_as_exported() throws Exception {
        XlsxFormat format = XlsxFormat.builder()
                .zone(ZoneId.of("Europe/Berlin"))
                .numberFormat("share", "0.0%")
                .trailer("Total", "{rows}", "", "{sum.amount}")
                .build();
        FileLayout layout = new FileLayout(List.of(
                Column.of("id", ColumnType.text(10)),
                Column.of("count"),
                Column.of("open"),
                Column.of("amount", ColumnType.decimal(10, 2)),
                Column.of("share"),
                Column.of("day"),
                Column.of("at"),
                Column.of("local"),
                Column.of("changed"),
                Column.of("note")));
        byte[] bytes = TestRecord.write(
                format,
                layout,
                new FileTotals(2, Map.of("amount", new BigDecimal("12.00"))),
                TestRecord.of(
                        "00123",
                        123_456_789_012L,
                        true,
                        new BigDecimal("12.5"),
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
                        LocalDateTime.parse("2000-02-29T00:00:00"),
                        null,
                        " \u00e9\ud83d\ude00, \"quoted\"\n_x0041_ <b> "));

        assertThat(show(file(bytes), "Data").lines())
                .containsExactly(
                        "id,count,open,amount,share,day,at,local,changed,note",
                        "00123,123456789012,TRUE,12.50,12.5%,1900-03-01,23:59:59,2026-11-29 07:30:00.250,"
                                + "2026-07-02 00:30:00,=1+1",
                        "1E5,-7,FALSE,-0.50,100.0%,9999-12-31,00:00:00,2000-02-29 00:00:00,,"
                                + "\" \u00e9\ud83d\ude00, \"\"quoted\"\"",
                        "_x0041_ <b> \"",
                        "Total,2,,12.00,,,,,,");
    }

    @Test
    void should_show_all_sheets() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        XlsxFormat format = XlsxFormat.builder().whenFull(WhenFull.NEXT_SHEET).build();
        try (XlsxWriter writer = new XlsxWriter(format, FileLayout.of("value"), bytes, 2_000)) {
            for (long i = 1; i <= 40; i++) {
                writer.write(TestRecord.of(i));
            }
            writer.finish(new FileTotals(40, Map.of()));
        }
        Path file = file(bytes.toByteArray());

        List<String> first = show(file, "Data").lines().toList();
        List<String> second = show(file, "Data 2").lines().toList();

        assertThat(first).startsWith("value", "1", "2");
        assertThat(second).startsWith("value", Integer.toString(first.size())).endsWith("40");
        assertThat(first.size() + second.size()).isEqualTo(42);
    }
}
