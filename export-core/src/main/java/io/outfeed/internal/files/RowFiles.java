package io.outfeed.internal.files;

import io.outfeed.ExportDefinition;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.spool.OpenFiles;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the rows of a definition: to one set of files, with or without a column of changes, or to a set for each kind
 * of change, which the names of the files tell apart. Used by one thread.
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
            RunFileName name,
            Transforms transforms,
            SpoolDirectory spool,
            RunMeter meter) {
        SpoolDirectory counted = spool.counting(meter::countBytesStaged);
        this.meter = meter;
        this.columns =
                new RowColumns(definition, name.sequence(), run.fireTime().orElse(run.startedAt()));
        if (columns.differ()) {
            for (RowChange change : RowChange.values()) {
                files.put(
                        change,
                        new PartitionedFiles(
                                run,
                                definition,
                                columns.layout(change),
                                "-" + change.word(),
                                name.marked("-" + change.word()),
                                transforms,
                                counted,
                                open));
            }
        } else {
            PartitionedFiles all = new PartitionedFiles(
                    run, definition, columns.layout(RowChange.ADDED), "", name, transforms, counted, open);
            for (RowChange change : RowChange.values()) {
                files.put(change, all);
            }
        }
    }

    /**
     * Writes a row.
     *
     * @param key names the record in a message
     * @throws io.outfeed.error.MappingException if the format rejects a cell; nothing of the row was written
     */
    public void write(RowChange change, MappedRecord.Row row, String key) {
        file(change).write(new MappedRecord.Row(row.place(), columns.cells(change, row.cells())), key);
        rows++;
        meter.countRowWritten();
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
     * Creates a file of each kind with a header if there is none, unless values of the rows decide which files there
     * are.
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

    /** Closes the files that were not finished, after a failure; they are removed together with the run. */
    @Override
    public void close() throws IOException {
        files.values().forEach(PartitionedFiles::abort);
        open.close();
    }
}
