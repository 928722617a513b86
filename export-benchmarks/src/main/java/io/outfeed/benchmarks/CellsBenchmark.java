package io.outfeed.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.field.Fields;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Exports tables of several sizes to CSV, and prints the time of a cell: that of the processors, with what the garbage
 * collector takes, since other processes of the machine change it little. Which heap the JVM may have is an option of
 * the command: the time of a cell should depend neither on it nor on the number of rows. Values are whole numbers,
 * dates, times, booleans and texts in turn; half a million cells are exported first, off the clock.
 */
final class CellsBenchmark {

    private static final long WARM_UP_CELLS = 500_000;
    private static final int KINDS = 5;
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private CellsBenchmark() {}

    /** Of the arguments: numbers of rows, and numbers of columns, each with commas between. */
    public static void main(String[] args) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "heap of at most %d MB, %d processors%n",
                Runtime.getRuntime().maxMemory() >> 20,
                Runtime.getRuntime().availableProcessors());
        for (int columns : numbers(args[1])) {
            export(WARM_UP_CELLS / columns, columns);
            for (long rows : numbers(args[0])) {
                long before = PROCESS.getProcessCpuTime();
                double seconds = export(rows, columns);
                long nanos = PROCESS.getProcessCpuTime() - before;
                System.out.printf(
                        Locale.ROOT,
                        "%,11d rows of %3d columns: %7.2f s, and %7.2f s of processors: %4.0f ns a cell%n",
                        rows,
                        columns,
                        seconds,
                        nanos / 1e9,
                        (double) nanos / rows / columns);
            }
        }
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    private static Object value(long row, int column) {
        return switch (column % KINDS) {
            case 0 -> row + column;
            case 1 -> LocalDate.ofEpochDay((row + column) % 20_000);
            case 2 -> FIRST.plusSeconds(row + column);
            case 3 -> (row + column) % 3 == 0;
            default -> "a text of some length";
        };
    }

    /** Returns the seconds from the engine's opening to the end of the run. */
    private static double export(long rows, int columns) throws Exception {
        Fields.Builder<Long> fields = Fields.builder(Long.class);
        for (int i = 0; i < columns; i++) {
            int column = i;
            fields.field("column_" + column, row -> value(row, column));
        }
        ExportDefinition<Long> records = ExportDefinition.builder("records", Long.class)
                .source(RecordSource.of(window -> LongStream.range(0, rows).boxed()))
                .recordKey(row -> row)
                .watermark(Watermark.fullSnapshot())
                .fields(fields.build())
                .file(f -> f.name("records.csv"))
                .build();
        Path home = Files.createTempDirectory("cells-benchmark");
        long start = System.nanoTime();
        try (ExportEngine engine = ExportEngine.builder().directory(home).build()) {
            ExportRun run =
                    engine.add(ExportJob.builder("records", records).build()).runNow();
            List<Long> written = run.files().stream().map(file -> file.rows()).toList();
            if (!written.equals(List.of(rows))) {
                throw new IllegalStateException("rows: " + written);
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            CsvBenchmark.delete(home);
        }
    }
}
