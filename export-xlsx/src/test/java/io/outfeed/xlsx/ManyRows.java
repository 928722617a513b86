package io.outfeed.xlsx;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.field.Fields;
import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.LongStream;

/** A process of its own that exports generated records of 20 fields to a workbook, in a small heap. */
final class ManyRows {

    private static final int FIELDS = 20;

    private ManyRows() {}

    /** @param arguments the number of rows, and the engine's directory */
    public static void main(String... arguments) {
        long rows = Long.parseLong(arguments[0]);
        ExportDefinition<Long> definition = ExportDefinition.builder("gifts", Long.class)
                .source(RecordSource.of(window -> LongStream.range(0, rows).boxed()))
                .recordKey(id -> id)
                .watermark(Watermark.fullSnapshot())
                .fields(ManyRows::fields)
                .file(f -> f.name("gifts.xlsx").format(XlsxFormat.builder().build()))
                .build();
        try (ExportEngine engine =
                ExportEngine.builder().directory(Path.of(arguments[1])).build()) {
            long start = System.nanoTime();
            ExportRun run =
                    engine.add(ExportJob.builder("gifts", definition).build()).runNow();
            double seconds = (System.nanoTime() - start) / 1e9;
            StagedFile file = run.files().get(0);
            System.out.printf(
                    Locale.ROOT,
                    "%d rows, %d bytes, %.1f seconds, %.0f rows a second, in a heap of at most %d MiB%n",
                    file.rows(),
                    file.bytes(),
                    seconds,
                    file.rows() / seconds,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    /** Numbers, texts, times and amounts in turn. */
    private static void fields(Fields.Builder<Long> fields) {
        Instant begin = Instant.parse("2020-01-01T00:00:00Z");
        for (int i = 0; i < FIELDS; i += 4) {
            long column = i;
            fields.field("number" + i, id -> id + column)
                    .field("text" + i, id -> "Boat house, old " + (id + column) % 97)
                    .field("time" + i, id -> begin.plusSeconds(id))
                    .field("amount" + i, id -> BigDecimal.valueOf(id, 2));
        }
    }
}
