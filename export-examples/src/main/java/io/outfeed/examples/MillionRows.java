package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Exports a million generated records of twenty columns, or as many as {@code million.rows} says, in a heap that could
 * not hold them.
 */
public final class MillionRows {

    private static final long ROWS = Long.getLong("million.rows", 1_000_000);

    private static volatile long inUse;

    private MillionRows() {}

    /**
     * Exports to a temporary directory, which is removed in the end, and prints one line.
     *
     * @param arguments none
     * @throws Exception if the export fails, or what arrived is not what it must be
     */
    public static void main(String... arguments) throws Exception {
        try (TemporaryDirectory home = TemporaryDirectory.create("outfeed-million")) {
            Path arrivals = Files.createDirectory(home.path().resolve("arrivals"));
            ExportJob job = ExportJob.builder("gifts-lakeside", definition())
                    .deliverTo(DirectoryDelivery.to("arrivals", arrivals))
                    .build();
            try (ExportEngine engine = ExportEngine.builder()
                    .directory(home.path().resolve("outfeed"))
                    .build()) {
                long start = System.nanoTime();
                ExportRun run = engine.add(job).runNow();
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                StagedFile staged = run.files().get(0);
                check(arrivals.resolve(staged.path()), staged);
                print(staged, took);
            }
        }
    }

    private static ExportDefinition<Gift> definition() {
        return ExportDefinition.builder("gifts", Gift.class)
                .source(RecordSource.of(
                        window -> LongStream.rangeClosed(1, ROWS).mapToObj(MillionRows::gift)))
                .recordKey(Gift::number)
                .watermark(Watermark.timestamp(Gift::updatedAt, Duration.ofMinutes(2)))
                .fields(Gift::fields)
                .file(f -> f.name("gifts-{sequence}.csv"))
                .build();
    }

    /** Measures the heap in use at the last record: what grows with the rows has grown by then. */
    private static Gift gift(long number) {
        if (number == ROWS) {
            System.gc();
            Runtime heap = Runtime.getRuntime();
            inUse = heap.totalMemory() - heap.freeMemory();
        }
        return new Gift(number);
    }

    /** What arrived must be what was staged, bytes and digest, and have each record once, in order. */
    private static void check(Path arrived, StagedFile staged) throws IOException {
        if (!Sha256.of(arrived).equals(new Sha256.Digest(staged.bytes(), staged.sha256()))) {
            throw new IllegalStateException("what arrived is not what was staged");
        }
        long rows = 0;
        try (BufferedReader reader = Files.newBufferedReader(arrived, StandardCharsets.UTF_8)) {
            reader.readLine(); // the header
            for (String line = reader.readLine(); line != null; line = reader.readLine()) { // no value has a line break
                rows++;
                if (!line.startsWith(rows + ",")) {
                    throw new IllegalStateException("row " + rows + " is not that of record " + rows);
                }
            }
        }
        if (staged.rows() != ROWS || rows != ROWS) {
            throw new IllegalStateException(staged.rows() + " rows were staged, and " + rows + " arrived");
        }
    }

    private static void print(StagedFile staged, Duration took) {
        System.out.printf(
                Locale.ROOT,
                "%,d rows, %,d bytes, %.1f seconds, %,d rows a second, in a heap of at most %d MiB, of which %.1f"
                        + " were in use at the last row%n",
                staged.rows(),
                staged.bytes(),
                took.toMillis() / 1000.0,
                staged.rows() * 1000 / took.toMillis(),
                Runtime.getRuntime().maxMemory() / 1024 / 1024,
                inUse / 1024.0 / 1024);
    }
}
