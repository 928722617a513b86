package io.outfeed.internal.engine;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportRun;
import io.outfeed.file.CellType;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.format.Cell;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where rows go: to one file, with or without a column that says what became of them, or to a file for each kind of change, whose name says which it is. */
final class RowFiles implements Closeable {

    private final List<String> headers;
    private final Optional<ChangeDetection> changes;
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
        this.headers = headers;
        this.meter = meter;
        this.changes = definition.changes();
        if (isSplit()) {
            for (Change change : Change.values()) {
                List<String> columns = change == Change.REMOVED
                        ? headers.stream()
                                .filter(changes.orElseThrow().keyColumns()::contains)
                                .toList()
                        : headers;
                files.put(
                        change,
                        new StagingFiles(
                                run,
                                definition,
                                columns,
                                "-" + change.word(),
                                name.marked("-" + change.word()),
                                counted,
                                open));
            }
        } else {
            List<String> columns = new ArrayList<>();
            changes.flatMap(ChangeDetection::column).ifPresent(columns::add);
            columns.addAll(headers);
            StagingFiles all = new StagingFiles(run, definition, columns, "", name, counted, open);
            for (Change change : Change.values()) {
                files.put(change, all);
            }
        }
    }

    private boolean isSplit() {
        return changes.isPresent() && changes.get().column().isEmpty();
    }

    /**
     * Writes a row.
     *
     * @param key names the record in a message
     * @throws io.outfeed.MappingException if the format can't carry a cell; nothing of the row was written
     */
    void write(Change change, Outcome.Row row, String key) {
        file(change).write(new Outcome.Row(row.place(), cells(change, row)), key);
        rows++;
        meter.rowWritten();
    }

    private List<@Nullable Cell> cells(Change change, Outcome.Row row) {
        if (changes.isEmpty() || (isSplit() && change != Change.REMOVED)) {
            return row.cells();
        }
        List<@Nullable Cell> cells = new ArrayList<>();
        if (isSplit()) {
            for (int i = 0; i < headers.size(); i++) {
                if (changes.get().keyColumns().contains(headers.get(i))) {
                    cells.add(row.cells().get(i));
                }
            }
        } else {
            cells.add(new Cell(code(changes.get().codes(), change), CellType.TEXT));
            cells.addAll(row.cells());
        }
        return cells;
    }

    private static String code(List<String> codes, Change change) {
        return switch (change) {
            case ADDED -> codes.get(0);
            case CHANGED -> codes.get(1);
            case REMOVED -> codes.get(2);
        };
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
        if (!isSplit()) {
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
