package io.outfeed.internal.engine;

import io.outfeed.ExportException;
import io.outfeed.ExportRun;
import io.outfeed.MappingException;
import io.outfeed.RejectedRecord;
import io.outfeed.SourceException;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.internal.format.Redacted;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The streaming pass: source → filter → field mappings → format → file in the spool. Thread-safe. */
final class Stager {

    private final Spool spool;

    Stager(Spool spool) {
        this.spool = spool;
    }

    /**
     * Stages the records of a window; gives no file if there is nothing to deliver.
     *
     * @param rejects takes what can't be mapped
     */
    <T> List<StagedFile> stageWindow(ExportRun run, PlannedExport<T> export, String name, Rejects rejects) {
        RecordMapper<T> mapper = new RecordMapper<>(export.definition(), Context.names(run));
        try (StagingFiles files = new StagingFiles(run, export.definition(), mapper.headers(), spool)) {
            if (write(export, mapper, files, rejects) == 0) {
                whenEmpty(export, files);
            }
            return files.finish(name);
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    /** Stages one record that somebody has chosen. */
    <T> List<StagedFile> stageRecord(ExportRun run, PlannedExport<T> export, T record, String key, String name) {
        RecordMapper<T> mapper = new RecordMapper<>(export.definition(), Context.names(run));
        try (StagingFiles files = new StagingFiles(run, export.definition(), mapper.headers(), spool)) {
            files.write(mapper.row(record, key), key);
            return files.finish(name);
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    private static void whenEmpty(PlannedExport<?> export, StagingFiles files) {
        WhenEmpty whenEmpty = export.definition().file().whenEmpty();
        if (whenEmpty == WhenEmpty.HEADER_ONLY) {
            files.writeHeader();
        } else if (whenEmpty == WhenEmpty.FAIL) {
            throw SourceException.permanent(
                    export.definition() + " has no records in " + export.window()
                            + ", and whenEmpty is FAIL: find out why, then run the job again" + export.at(),
                    null);
        }
    }

    /** Returns one if the row was written, and zero if the format can't carry it. */
    private static int write(
            PlannedExport<?> export, Outcome.Row row, String key, StagingFiles files, Rejects rejects) {
        try {
            files.write(row, key);
            return 1;
        } catch (MappingException e) {
            String definition = export.definition().name();
            rejects.add(new Outcome.Rejected(new RejectedRecord(definition, key, e.field(), e.reason()), e));
            return 0;
        }
    }

    /** Reads the window once, and returns the number of rows. */
    private static <T> long write(
            PlannedExport<T> export, RecordMapper<T> mapper, StagingFiles files, Rejects rejects) {
        RecordReader<T> reader = new RecordReader<>(export);
        long rows = 0;
        try (Stream<T> records = reader.open()) {
            Iterator<T> iterator = records.iterator();
            while (reader.hasNext(iterator)) {
                T record = reader.next(iterator);
                String key = reader.key(record);
                if (reader.belongs(record, key)) {
                    Outcome outcome = mapper.outcome(record, key);
                    if (outcome instanceof Outcome.Rejected rejected) {
                        rejects.add(rejected);
                    } else if (outcome instanceof Outcome.Row row && !rejects.areTooMany()) {
                        rows += write(export, row, key, files, rejects);
                    }
                }
            }
        } catch (ExportException e) {
            throw e;
        } catch (RuntimeException e) {
            throw SourceException.permanent(
                    "can't close what was read of " + export.definition() + export.at(), Redacted.of(e));
        }
        rejects.throwIfTooMany();
        return rows;
    }
}
