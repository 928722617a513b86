package io.outfeed.benchmarks;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.file.transform.Gzip;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Exports the same records by the plain path, by {@code latestPerKey} and by {@code changes}, and the plain path with
 * gzip at three levels on the thread of the run, in turns and in one JVM, and prints the ratios to the plain path. The
 * files must be the same byte for byte, once gzip is undone: they are compared by SHA-256, off the clock. By {@code
 * changes} they are exported once more with one record of a hundred changed, after an export that is off the clock; its
 * rows are counted.
 */
final class PathsBenchmark {

    /** One way of a record to the file. */
    private enum Approach {
        PLAIN("plain"),
        LATEST("latestPerKey"),
        CHANGES("changes, all new"),
        FEW_CHANGES("changes, one of 100"),
        GZIP_1("plain, gzip 1"),
        GZIP_3("plain, gzip 3"),
        GZIP_6("plain, gzip 6");

        private final String title;

        Approach(String title) {
            this.title = title;
        }
    }

    private static final int RECORDS_OF_A_CHANGE = 100;

    /** A record whose key no other one has. */
    private record Numbered(int number, MixedRows.Row row) {}

    private final Rounds rounds;
    private final int count;
    private final MixedRows rows;

    private PathsBenchmark(Rounds rounds) {
        this.rounds = rounds;
        this.count = rounds.records();
        this.rows = MixedRows.typed(count);
    }

    /** Of the arguments: the number of records, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        Rounds.run(args, "ratios to the plain path", rounds -> new PathsBenchmark(rounds).run());
    }

    /** The records as they are, or with some of them changed. */
    private Numbered record(int number, boolean changed) {
        return new Numbered(number, rows.get(changed && number % RECORDS_OF_A_CHANGE == 0 ? number + 1 : number));
    }

    private void run() throws Exception {
        Map<Approach, Ratios> ratios = new EnumMap<>(Approach.class);
        for (Approach approach : Approach.values()) {
            ratios.put(approach, new Ratios(approach.title));
        }
        for (int round = rounds.first(); round < rounds.number(); round++) {
            double plain = 0;
            String expected = "";
            for (Approach approach : Approach.values()) {
                Path directory = rounds.directory();
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                double seconds = export(approach, directory, digest);
                CsvBenchmark.delete(directory);
                String sha256 = HexFormat.of().formatHex(digest.digest());
                if (approach == Approach.PLAIN) {
                    plain = seconds;
                    expected = sha256;
                } else if (approach != Approach.FEW_CHANGES && !sha256.equals(expected)) {
                    throw new IOException(approach + " has written other bytes");
                }
                if (round >= 0) {
                    ratios.getOrDefault(approach, new Ratios("")).add(seconds / plain);
                }
            }
        }
        ratios.values().forEach(System.out::println);
    }

    /** Returns the seconds; puts the plain bytes of the file through a digest after that. */
    private double export(Approach approach, Path directory, MessageDigest digest) throws Exception {
        if (approach == Approach.FEW_CHANGES) {
            export(Approach.CHANGES, directory, MessageDigest.getInstance("SHA-256"));
        }
        boolean changed = approach == Approach.FEW_CHANGES;
        long expected = changed ? (count + RECORDS_OF_A_CHANGE - 1) / RECORDS_OF_A_CHANGE : count;
        ExportDefinition.Builder<Numbered> definition = ExportDefinition.builder("records", Numbered.class)
                .source(RecordSource.of(
                        window -> IntStream.range(0, count).mapToObj(number -> record(number, changed))))
                .recordKey(Numbered::number)
                .watermark(Watermark.fullSnapshot())
                .fields(MixedRows.fields(Numbered.class, Numbered::row))
                .file(f -> f.name("records.csv"));
        ExportJob.Builder job =
                ExportJob.builder("records", with(definition, approach).build());
        switch (approach) {
            case GZIP_1 -> job.transforms(Gzip.level(1));
            case GZIP_3 -> job.transforms(Gzip.level(3));
            case GZIP_6 -> job.transforms(Gzip.level(6));
            case PLAIN, LATEST, CHANGES, FEW_CHANGES -> {}
        }
        long start = System.nanoTime();
        try (ExportEngine engine =
                ExportEngine.builder().directory(directory).compressorThreads(0).build()) {
            ExportRun run = engine.add(job.build()).runNow();
            long nanos = System.nanoTime() - start;
            String path = run.files().stream()
                    .filter(file -> file.rows() == expected) // of the three files of changes, the one that is not empty
                    .findFirst()
                    .orElseThrow()
                    .path();
            try (InputStream kept = engine.run(run.number()).open(path);
                    InputStream in = path.endsWith(".gz") ? new GZIPInputStream(kept) : kept) {
                in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            }
            return nanos / 1e9;
        }
    }

    private static ExportDefinition.Builder<Numbered> with(
            ExportDefinition.Builder<Numbered> definition, Approach approach) {
        return switch (approach) {
            case LATEST -> definition.latestPerKey();
            case CHANGES, FEW_CHANGES ->
                definition.changes(ChangeDetection.keyedBy("column_0").threeFiles());
            default -> definition;
        };
    }
}
