package io.outfeed.internal.staging;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportRun;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.progress.RunMeter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where rows go: to one file, with or without a column that says what became of them, or to a file for each kind of change, whose name says which it is. */
final class RowFiles implements Closeable {

    private final RowColumns columns;
    private final Map<Change, StagingFiles> files = new EnumMap<>(Change.class);
    private final OpenFiles open = new OpenFiles();
    private final RunMeter meter;
    private long rows;

    RowFiles(
            ExportRun run,
            ExportDefinition<?> definition,
            List<String> headers,
            RunFileName name,
            Spool spool,
            RunMeter meter) {
        Spool counted = spool.counting(meter::bytesStaged);
        this.meter = meter;
        this.columns = new RowColumns(definition, headers);
        if (columns.differ()) {
            for (Change change : Change.values()) {
                files.put(
                        change,
                        new StagingFiles(
                                run,
                                definition,
                                columns.headers(change),
                                "-" + change.word(),
                                name.marked("-" + change.word()),
                                counted,
                                open));
            }
        } else {
            StagingFiles all =
                    new StagingFiles(run, definition, columns.headers(Change.ADDED), "", name, counted, open);
            for (Change change : Change.values()) {
                files.put(change, all);
            }
        }
    }

    /**
     * Writes a row.
     *
     * @param key names the record in a message
     * @throws io.outfeed.MappingException if the format can't carry a cell; nothing of the row was written
     */
    void write(Change change, Outcome.Row row, String key) {
        file(change).write(new Outcome.Row(row.place(), columns.cells(change, row.cells())), key);
        rows++;
        meter.rowWritten();
    }

    private StagingFiles file(Change change) {
        StagingFiles file = files.get(change);
        if (file == null) {
            throw new AssertionError(change);
        }
        return file;
    }

    long rows() {
        return rows;
    }

    /** Makes sure that there is a file of each kind, with a header at least, unless values of the rows say which files there are. */
    void writeHeaders() {
        files.values().forEach(StagingFiles::writeHeader);
    }

    /** Finishes all files. */
    List<StagedFile> finish() {
        if (!columns.differ()) {
            return file(Change.ADDED).finish();
        }
        List<StagedFile> finished = new ArrayList<>();
        files.values().forEach(file -> finished.addAll(file.finish()));
        return finished;
    }

    /** Closes what was not finished, after a failure: the spool removes the files. */
    @Override
    public void close() throws IOException {
        open.close();
    }
}
