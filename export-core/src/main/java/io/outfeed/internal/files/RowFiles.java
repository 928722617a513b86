package io.outfeed.internal.files;

import io.outfeed.ExportDefinition;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.spool.OpenFiles;
import io.outfeed.internal.spool.Spool;
import io.outfeed.run.ExportRun;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where rows go: to one file, with or without a column that says what became of them, or to a file for each kind of
 * change, whose name says which it is.
 */
public final class RowFiles implements Closeable {

    private final RowColumns columns;
    private final Map<RowChange, PartitionedFiles> files = new EnumMap<>(RowChange.class);
    private final OpenFiles open = new OpenFiles();
    private final RunMeter meter;
    private long rows;

    public RowFiles(
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
            for (RowChange change : RowChange.values()) {
                files.put(
                        change,
                        new PartitionedFiles(
                                run,
                                definition,
                                columns.headers(change),
                                "-" + change.word(),
                                name.marked("-" + change.word()),
                                counted,
                                open));
            }
        } else {
            PartitionedFiles all =
                    new PartitionedFiles(run, definition, columns.headers(RowChange.ADDED), "", name, counted, open);
            for (RowChange change : RowChange.values()) {
                files.put(change, all);
            }
        }
    }

    /**
     * Writes a row.
     *
     * @param key names the record in a message
     * @throws io.outfeed.error.MappingException if the format can't carry a cell; nothing of the row was written
     */
    public void write(RowChange change, MappedRecord.Row row, String key) {
        file(change).write(new MappedRecord.Row(row.place(), columns.cells(change, row.cells())), key);
        rows++;
        meter.rowWritten();
    }

    private PartitionedFiles file(RowChange change) {
        PartitionedFiles file = files.get(change);
        if (file == null) {
            throw new AssertionError(change);
        }
        return file;
    }

    public long rows() {
        return rows;
    }

    /**
     * Makes sure that there is a file of each kind, with a header at least, unless values of the rows say which files
     * there are.
     */
    public void writeHeaders() {
        files.values().forEach(PartitionedFiles::writeHeader);
    }

    /** Finishes all files. */
    public List<StagedFile> finish() {
        if (!columns.differ()) {
            return file(RowChange.ADDED).finish();
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
