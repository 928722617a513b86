package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.field.Fields;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wide rows and long cells, from the source to a delivered file that FastCSV reads; directly, and sorted on the disk
 * where the latest version of each record is kept.
 */
class LargeRecordsExportTest {

    private static final int COLUMNS = 2_000;
    private static final int ROWS = 50;
    private static final int LONG = 50 * 1024 * 1024;

    @TempDir
    private Path home;

    private static @Nullable String cell(int row, int column) {
        return column % 3 == 2 ? null : "row " + row + ", \"" + column + "\"";
    }

    /** Exports records that are numbers. */
    private Path export(boolean latestPerKey, List<Integer> records, Fields<Integer> fields) throws IOException {
        ExportDefinition.Builder<Integer> definition = ExportDefinition.builder("large", Integer.class)
                .source(RecordSource.of(window -> records.stream()))
                .recordKey(record -> record)
                .watermark(Watermark.fullSnapshot())
                .fields(fields)
                .file(f -> f.name("large.csv"));
        if (latestPerKey) {
            definition.latestPerKey();
        }
        Path arrivals = Files.createDirectory(home.resolve("arrivals"));
        try (ExportEngine engine =
                ExportEngine.builder().directory(home.resolve("outfeed")).build()) {
            engine.add(ExportJob.builder("large", definition.build())
                            .deliverTo(DirectoryDelivery.to("arrivals", arrivals))
                            .build())
                    .runNow();
        }
        return arrivals.resolve("large.csv");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_deliver_two_thousand_columns(boolean latestPerKey) throws IOException {
        Fields.Builder<Integer> fields = Fields.builder(Integer.class);
        for (int i = 0; i < COLUMNS; i++) {
            int column = i;
            fields.field("c" + column, row -> cell(row, column));
        }

        Path file = export(latestPerKey, IntStream.range(0, ROWS).boxed().toList(), fields.build());

        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
            List<CsvRecord> lines = reader.stream().toList();
            assertThat(lines).hasSize(ROWS + 1);
            assertThat(lines.get(0).getFields())
                    .isEqualTo(Tables.layout(COLUMNS).headers());
            for (int i = 0; i < ROWS; i++) {
                int row = i;
                assertThat(lines.get(1 + row).getFields())
                        .isEqualTo(IntStream.range(0, COLUMNS)
                                .mapToObj(column -> column % 3 == 2 ? "" : String.valueOf(cell(row, column)))
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_deliver_a_cell_of_fifty_megabytes(boolean latestPerKey) throws IOException {
        String unit = "a, \"b\"\r\né日😀"; // of all lengths in bytes, so that pieces end in the middle of it
        String cell = unit.repeat(LONG / unit.length());
        Fields<Integer> fields = Fields.builder(Integer.class)
                .field("id", record -> record)
                .field("note", record -> record == 2 ? cell : "short")
                .field("last", record -> "x")
                .build();

        Path file = export(latestPerKey, List.of(1, 2, 3), fields);

        assertThat(Files.size(file)).isGreaterThan(LONG);
        CsvRecordHandler large =
                CsvRecordHandler.of(handler -> handler.maxFieldSize(LONG).maxRecordSize(2 * LONG));
        try (CsvReader<CsvRecord> reader =
                        CsvReader.builder().maxBufferSize(2 * LONG).build(large, file);
                Stream<CsvRecord> lines = reader.stream()) {
            List<List<String>> read = lines.map(CsvRecord::getFields).toList();
            assertThat(read).hasSize(4);
            assertThat(read.get(1)).containsExactly("1", "short", "x");
            assertThat(read.get(2)).hasSize(3).startsWith("2").endsWith("x");
            assertThat(read.get(2).get(1).equals(cell)).isTrue(); // a difference would be printed whole
            assertThat(read.get(3)).containsExactly("3", "short", "x");
        }
    }
}
