package io.outfeed.xlsx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldPreview;
import io.outfeed.file.FileSpec;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.format.ColumnType;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RecordTrace.Reason;
import io.outfeed.operation.RecordTrace.UnreadFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spreadsheets of runs. */
class XlsxRunTest {

    private record Gift(long id, String zip, BigDecimal amount, LocalDate givenOn) {}

    private static final XlsxFormat FORMAT =
            XlsxFormat.builder().trailer("{rows}", "", "{sum.amount}").build();

    private static final String EARLY = "its date is before 1900-03-01, the first on which spreadsheets agree:"
            + " correct the record, or let a transformation give a text";

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-11-29T06:30:00Z"));
    private final InMemoryDelivery office = InMemoryDelivery.create("office");
    private final ListSource<Gift> source = ListSource.create(Gift::id, gift -> Instant.EPOCH);

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Gift> definition(Consumer<FileSpec.Builder> file) {
        return ExportDefinition.builder("gifts", Gift.class)
                .source(source)
                .recordKey(Gift::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Gift::id)
                        .field("zip", Gift::zip)
                        .field("amount", Gift::amount)
                        .type("amount", ColumnType.decimal(20, 2))
                        .field("given_on", Gift::givenOn))
                .file(f -> file.accept(f.format(FORMAT)));
    }

    private JobHandle add(ExportDefinition<Gift> definition) {
        return sandbox.add(
                ExportJob.builder("gifts", definition).deliverTo(office).build());
    }

    private void put(int count) {
        for (long id = 1; id <= count; id++) {
            source.put(new Gift(id, "00501", new BigDecimal("12.50"), LocalDate.of(2026, 11, 1)));
        }
    }

    private XSSFWorkbook delivered(String path) throws IOException {
        return new XSSFWorkbook(new ByteArrayInputStream(office.file(path).bytes()));
    }

    @Test
    void should_deliver_a_workbook_that_is_the_same_each_time() throws IOException {
        put(3);
        JobHandle job = add(definition(f -> f.name("gifts-{run}.xlsx")).build());

        ExportRun first = job.runNow();
        ExportRun second = job.runNow();

        assertThat(first.files()).extracting(StagedFile::rows).containsExactly(3L);
        assertThat(second.files().get(0).sha256())
                .isEqualTo(first.files().get(0).sha256());
        try (XSSFWorkbook workbook = delivered(first.files().get(0).path())) {
            XSSFSheet sheet = workbook.getSheet("Data");
            assertThat(sheet.getRow(0).getCell(3).getStringCellValue()).isEqualTo("given_on");
            assertThat(sheet.getRow(3).getCell(0).getNumericCellValue()).isEqualTo(3);
            assertThat(sheet.getRow(3).getCell(1).getStringCellValue()).isEqualTo("00501");
            assertThat(sheet.getRow(3).getCell(2).getNumericCellValue()).isEqualTo(12.5);
            assertThat(sheet.getRow(3).getCell(3).getLocalDateTimeCellValue()).isEqualTo("2026-11-01T00:00:00");
            assertThat(sheet.getRow(4).getCell(0).getNumericCellValue()).isEqualTo(3);
            assertThat(sheet.getRow(4).getCell(2).getNumericCellValue()).isEqualTo(37.5);
        }
    }

    @Test
    void should_deliver_a_workbook_with_the_header_only() throws IOException {
        ExportRun run = add(definition(f -> f.name("gifts.xlsx").whenEmpty(WhenEmpty.HEADER_ONLY))
                        .build())
                .runNow();

        try (XSSFWorkbook workbook = delivered(run.files().get(0).path())) {
            assertThat(workbook.getSheet("Data").getRow(0).getCell(0).getStringCellValue())
                    .isEqualTo("id");
            assertThat(workbook.getSheet("Data").getRow(1).getCell(0).getNumericCellValue())
                    .isZero();
        }
    }

    @Test
    void should_split_after_rows() throws IOException {
        put(3);

        ExportRun run = add(definition(f -> f.name("gifts-{part}.xlsx").splitAfterRows(2))
                        .build())
                .runNow();

        assertThat(run.files()).extracting(StagedFile::name).containsExactly("gifts-1.xlsx", "gifts-2.xlsx");
        try (XSSFWorkbook workbook = delivered("gifts-2.xlsx")) {
            assertThat(workbook.getSheet("Data").getRow(1).getCell(0).getNumericCellValue())
                    .isEqualTo(3);
        }
    }

    @Test
    void should_refuse_to_split_after_bytes() {
        assertThatThrownBy(() -> definition(f -> f.name("gifts-{part}.xlsx").splitAfterBytes(1_000_000))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'gifts' has 1 problem: file.splitAfterBytes needs a format that knows the size of a"
                        + " file while it is written, which XLSX with sheet 'Data', times in Z, trailer [{rows}, ,"
                        + " {sum.amount}] does not: use splitAfterRows");
    }

    @Test
    void should_report_options_that_fit_no_column_when_the_definition_is_built() {
        XlsxFormat format = XlsxFormat.builder().width("zap", 5).build();

        assertThatThrownBy(() ->
                        definition(f -> f.name("gifts.xlsx").format(format)).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'gifts' has 1 problem: file.format: width is set for 'zap', which is no column");
    }

    @Test
    void should_name_field_and_record_of_a_reject() {
        source.put(new Gift(1, "00501", new BigDecimal("12345678901234.56"), LocalDate.of(2026, 11, 1)));
        source.put(new Gift(2, "00501", BigDecimal.ONE, LocalDate.of(1899, 5, 1)));
        source.put(new Gift(3, "00501", BigDecimal.ONE, LocalDate.of(2026, 11, 1)));
        JobHandle job = add(definition(f -> f.name("gifts.xlsx"))
                .rejectPolicy(RejectPolicy.skipUpTo(2))
                .build());

        ExportRun run = job.runNow();

        assertThat(run.rows()).isEqualTo(1);
        assertThat(run.rejected()).isEqualTo(2);
        assertThat(sandbox.engine().run(run.number()).rejects())
                .extracting(RejectedRecord::recordKey, RejectedRecord::field, RejectedRecord::reason)
                .containsExactly(
                        tuple(
                                "1",
                                "amount",
                                "its number has 16 digits, and a spreadsheet keeps 15: declare the column as a text,"
                                        + " round the number, or choose longNumbers(TEXT)"),
                        tuple("2", "given_on", EARLY));
    }

    @Test
    void should_show_the_problem_of_a_record_in_a_preview() {
        source.put(new Gift(1, "0\u00001", BigDecimal.ONE, LocalDate.of(1899, 5, 1)));
        JobHandle job = add(definition(f -> f.name("gifts.xlsx")).build());

        assertThat(job.preview("gifts", "1").get(0).fields())
                .extracting(FieldPreview::problem)
                .containsExactly(
                        Optional.empty(),
                        Optional.of("can't write field 'zip' of record '1': its text has a control character that a"
                                + " spreadsheet can't hold: correct the record, or let a transformation remove it"
                                + " (job=gifts)"),
                        Optional.empty(),
                        Optional.of("can't write field 'given_on' of record '1': " + EARLY + " (job=gifts)"));
    }

    @Test
    void should_say_that_a_search_does_not_read_workbooks() {
        put(1);
        JobHandle job = add(definition(f -> f.name("gifts.xlsx")).build());
        ExportRun run = job.runNow();

        assertThat(job.findRecord("gifts", "1").hits()).isEmpty();
        assertThat(job.findRecord("gifts", "1").unread())
                .containsExactly(new UnreadFile(run.number(), "gifts.xlsx", Optional.empty(), Reason.FORMAT));
    }
}
