package io.outfeed.internal.preview;

import io.outfeed.ExportDefinition;
import io.outfeed.error.ExportException;
import io.outfeed.error.MappingException;
import io.outfeed.format.FileLayout;
import io.outfeed.format.RejectedCellException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.CellFailure;
import io.outfeed.internal.files.RowChange;
import io.outfeed.internal.files.RowColumns;
import io.outfeed.internal.files.TotalsWriter;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.io.Closeable;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the cells that the format of a definition rejects, by writing rows to nowhere. Used by one thread. */
final class FormatTrial implements Closeable {

    private final ExportDefinition<?> definition;
    private final RowColumns columns;
    private final FileLayout layout;
    private final String at;
    private final TotalsWriter writer;

    /** @param at names the job in a message */
    FormatTrial(ExportDefinition<?> definition, String at) {
        this.definition = definition;
        this.columns = new RowColumns(definition);
        this.layout = columns.layout(RowChange.ADDED);
        this.at = at;
        try {
            this.writer = new TotalsWriter(definition.file(), layout, OutputStream.nullOutputStream());
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /**
     * Finds the rejected cells of a row. A writer rejects one cell at a time: that cell is emptied, and the row is
     * written again.
     *
     * @return the failures by the index of the field
     * @throws MappingException if the column of changes is rejected
     */
    Map<Integer, MappingException> failures(List<@Nullable Cell> row, String key) {
        Map<Integer, MappingException> failures = new TreeMap<>();
        List<@Nullable Cell> cells = new ArrayList<>(
                columns.cells(RowChange.ADDED, new RowCells(row)).toList());
        while (true) {
            try {
                writer.write(new RowCells(cells));
                return failures;
            } catch (RejectedCellException e) {
                MappingException failure = CellFailure.failure(e, layout, key, at);
                int field = e.column() - columns.beforeFields();
                if (field < 0) {
                    throw failure;
                }
                if (failures.putIfAbsent(field, failure) != null) {
                    return failures; // the format rejects an empty cell too, and the cells after it stay unchecked
                }
                cells.set(e.column(), null);
            } catch (Throwable e) {
                throw failure(e);
            }
        }
    }

    private ExportException failure(Throwable cause) {
        return new ExportException(
                "the format of " + definition + " failed, though what it writes is thrown away: correct the format"
                        + at,
                HostCalls.redact(cause));
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (Throwable e) {
            throw failure(e);
        }
    }
}
