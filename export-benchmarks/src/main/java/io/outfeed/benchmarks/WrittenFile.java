package io.outfeed.benchmarks;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file, and how long it took.
 *
 * @param nanos the time until it was written
 * @param bytes its size
 * @param sha256 of its bytes; empty where they are not compared
 */
record WrittenFile(long nanos, long bytes, String sha256) {

    /** The file of a definition. */
    static final String NAME = "records.csv";

    /** Reads the file, after the time was taken. */
    static WrittenFile in(long nanos, InputStream file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long bytes = file.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return new WrittenFile(nanos, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    /** What is read or written, and not compared. */
    static WrittenFile uncompared(long nanos) {
        return new WrittenFile(nanos, 0, "");
    }

    /** Exports as a host does: an engine is opened, and a job without deliveries runs. */
    static WrittenFile export(ExportDefinition<?> definition, Path directory)
            throws IOException, NoSuchAlgorithmException {
        long start = System.nanoTime();
        try (ExportEngine engine = ExportEngine.builder().directory(directory).build()) {
            ExportRun run =
                    engine.add(ExportJob.builder("records", definition).build()).runNow();
            long nanos = System.nanoTime() - start;
            try (InputStream in = engine.run(run.number()).open(NAME)) {
                return in(nanos, in);
            }
        }
    }

    double seconds() {
        return nanos / 1e9;
    }
}
