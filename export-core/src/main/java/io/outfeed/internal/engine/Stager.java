package io.outfeed.internal.engine;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportException;
import io.outfeed.ExportRun;
import io.outfeed.SourceException;
import io.outfeed.file.FileSpec;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.internal.format.CsvFileWriter;
import io.outfeed.internal.format.DigestOutput;
import io.outfeed.internal.format.Redacted;
import io.outfeed.watermark.Position;
import io.outfeed.watermark.Window;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The streaming pass: source → filter → field mappings → format → file in the spool. Thread-safe. */
final class Stager {

    private final Spool spool;

    Stager(Spool spool) {
        this.spool = spool;
    }

    /** Stages the file of one definition; empty if there is nothing to deliver. */
    <T> Optional<StagedFile> stage(ExportRun run, PlannedExport<T> export, Map<String, ?> nameValues) {
        FileSpec spec = export.definition().file();
        Spool.Part part = spool.create(run.number(), export.definition().name());
        try {
            DigestOutput digest = new DigestOutput(part.output());
            long rows;
            try (CsvFileWriter<T> writer = new CsvFileWriter<>(
                    spec.format(), export.definition().fields().mappings(), new SyncOnClose(digest, part::sync))) {
                rows = write(export, writer, run);
            }
            if (rows == 0 && spec.whenEmpty() != WhenEmpty.HEADER_ONLY) {
                part.delete();
                return nothing(run, export, spec.whenEmpty());
            }
            StagedFile file = new StagedFile(
                    export.definition().name(),
                    "",
                    spec.name().render(nameValues),
                    rows,
                    digest.bytes(),
                    digest.sha256());
            part.finish(run.number(), file);
            return Optional.of(file);
        } catch (CharacterCodingException e) {
            throw new SourceException(
                    "a value of " + export.definition()
                            + " is no valid Unicode text (half of a surrogate pair): correct the record" + at(run),
                    null);
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    private static Optional<StagedFile> nothing(ExportRun run, PlannedExport<?> export, WhenEmpty whenEmpty) {
        if (whenEmpty == WhenEmpty.FAIL) {
            throw new SourceException(
                    export.definition() + " has no records in " + export.window()
                            + ", and whenEmpty is FAIL: find out why, then run the job again" + at(run),
                    null);
        }
        return Optional.empty();
    }

    /** Reads the window once, and returns the number of rows. */
    private static <T> long write(PlannedExport<T> export, CsvFileWriter<T> writer, ExportRun run) throws IOException {
        ExportDefinition<T> definition = export.definition();
        Reading<T> reading = new Reading<>(export, run);
        long rows = 0;
        try (Stream<T> records = reading.open()) {
            Iterator<T> iterator = records.iterator();
            while (reading.hasNext(iterator)) {
                T record = reading.next(iterator);
                String key = reading.key(record);
                reading.checkWindow(record, key);
                if (reading.passes(record, key)) {
                    writer.write(record, key);
                    rows++;
                }
            }
        } catch (ExportException | IOException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SourceException("can't close what " + definition + " has read" + at(run), Redacted.of(e));
        }
        return rows;
    }

    private static String at(ExportRun run) {
        return " (job=" + run.job() + ", run=" + run.number() + ")";
    }

    /** The host's code while a record is at hand: what it throws may quote the record. */
    private record Reading<T>(PlannedExport<T> export, ExportRun run) {

        Stream<T> open() {
            return Calls.source(
                    "can't read the source of " + export.definition(),
                    () -> export.session().read(export.window()));
        }

        boolean hasNext(Iterator<T> records) {
            try {
                if (Thread.currentThread().isInterrupted()) {
                    throw new SourceException("interrupted while records were read" + at(run), null);
                }
                return records.hasNext();
            } catch (RuntimeException e) {
                throw failure("the source of " + export.definition() + " failed while it was read", e);
            }
        }

        T next(Iterator<T> records) {
            try {
                T record = records.next();
                if (record == null) {
                    throw new SourceException("the source of " + export.definition() + " gave null" + at(run), null);
                }
                return record;
            } catch (RuntimeException e) {
                throw failure("the source of " + export.definition() + " failed while it was read", e);
            }
        }

        String key(T record) {
            try {
                return String.valueOf(export.definition().recordKey().apply(record));
            } catch (RuntimeException e) {
                throw failure("recordKey of " + export.definition() + " failed", e);
            }
        }

        boolean passes(T record, String key) {
            try {
                return export.definition().filter().test(record);
            } catch (RuntimeException e) {
                throw failure("the filter of " + export.definition() + " failed for record '" + key + "'", e);
            }
        }

        void checkWindow(T record, String key) {
            Window window = export.window();
            boolean inside;
            try {
                Optional<Position> position = export.definition().watermark().positionOf(record);
                inside = position.isEmpty() || contains(window, position.get());
            } catch (Exception e) {
                throw failure("the watermark of " + export.definition() + " failed for record '" + key + "'", e);
            }
            if (!inside) {
                throw new SourceException(
                        "record '" + key + "' of " + export.definition() + " lies outside of the window " + window
                                + ": let the source read from (inclusive) until (exclusive), by the watermark's own field"
                                + at(run),
                        null);
            }
        }

        private boolean contains(Window window, Position position) {
            return export.definition().watermark().compare(window.from(), position) <= 0
                    && export.definition().watermark().compare(position, window.until()) < 0;
        }

        private SourceException failure(String message, Exception cause) {
            return cause instanceof SourceException known
                    ? known
                    : new SourceException(
                            message + ": nothing was published, the next run covers its window" + at(run),
                            Redacted.of(cause));
        }
    }
}
