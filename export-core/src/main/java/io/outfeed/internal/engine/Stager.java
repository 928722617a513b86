package io.outfeed.internal.engine;

import io.outfeed.ExportException;
import io.outfeed.ExportRun;
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

    /** Stages the records of a window; gives no file if there is nothing to deliver. */
    <T> List<StagedFile> stageWindow(ExportRun run, PlannedExport<T> export, String name) {
        try (StagingFiles<T> files = new StagingFiles<>(run, export.definition(), spool)) {
            if (write(export, files) == 0) {
                whenEmpty(export, files);
            }
            return files.finish(name);
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    /** Stages one record that somebody has chosen. */
    <T> List<StagedFile> stageRecord(ExportRun run, PlannedExport<T> export, T record, String key, String name) {
        try (StagingFiles<T> files = new StagingFiles<>(run, export.definition(), spool)) {
            files.write(record, key);
            return files.finish(name);
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    private static void whenEmpty(PlannedExport<?> export, StagingFiles<?> files) {
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

    /** Reads the window once, and returns the number of rows. */
    private static <T> long write(PlannedExport<T> export, StagingFiles<T> files) {
        RecordReader<T> reader = new RecordReader<>(export);
        long rows = 0;
        try (Stream<T> records = reader.open()) {
            Iterator<T> iterator = records.iterator();
            while (reader.hasNext(iterator)) {
                T record = reader.next(iterator);
                String key = reader.key(record);
                if (reader.belongs(record, key) && reader.passesFilter(record, key)) {
                    files.write(record, key);
                    rows++;
                }
            }
        } catch (ExportException e) {
            throw e;
        } catch (RuntimeException e) {
            throw SourceException.permanent(
                    "can't close what was read of " + export.definition() + export.at(), Redacted.of(e));
        }
        return rows;
    }
}
