package io.outfeed.internal.files;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.format.CellType;
import io.outfeed.format.Column;
import io.outfeed.format.FileLayout;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.RowCells;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a definition's files: its fields, after the column of changes if there is one. A file of removed rows
 * has the key columns only.
 */
public final class RowColumns {

    private final List<Column> fields;
    private final Optional<ChangeDetection> changes;
    private final long sequence;
    private final Instant fireTime;

    /** Makes the columns where there is no run. */
    public RowColumns(ExportDefinition<?> definition) {
        this(definition, 1, Instant.EPOCH);
    }

    /**
     * Makes the columns for files of a run.
     *
     * @param sequence the receiver's number of the run
     */
    RowColumns(ExportDefinition<?> definition, long sequence, Instant fireTime) {
        this.sequence = sequence;
        this.fireTime = fireTime;
        this.fields = definition.fields().columns();
        this.changes = definition.changes();
    }

    /** Whether each kind of change has a file of its own. */
    boolean differ() {
        return changes.isPresent() && changes.get().column().isEmpty();
    }

    /** Returns the number of columns before the fields. */
    public int beforeFields() {
        return changes.flatMap(ChangeDetection::column).isPresent() ? 1 : 0;
    }

    public FileLayout layout(RowChange change) {
        List<Column> columns = new ArrayList<>();
        changes.flatMap(ChangeDetection::column).map(Column::of).ifPresent(columns::add);
        columns.addAll(isKeysOnly(change) ? keys().mapToObj(fields::get).toList() : fields);
        return new FileLayout(columns, sequence, fireTime);
    }

    /** @param row a cell for each field */
    public RowCells cells(RowChange change, RowCells row) {
        if (changes.isEmpty() || (differ() && change != RowChange.REMOVED)) {
            return row;
        }
        List<@Nullable Cell> cells = new ArrayList<>();
        if (isKeysOnly(change)) {
            keys().forEach(column -> cells.add(row.cell(column)));
        } else {
            cells.add(new Cell(code(changes.get().codes(), change), CellType.TEXT));
            cells.addAll(row.toList());
        }
        return new RowCells(cells);
    }

    private boolean isKeysOnly(RowChange change) {
        return differ() && change == RowChange.REMOVED;
    }

    /** Returns the indexes of the key columns. */
    private IntStream keys() {
        List<String> keys = changes.orElseThrow().keyColumns();
        return IntStream.range(0, fields.size())
                .filter(column -> keys.contains(fields.get(column).name()));
    }

    private static String code(List<String> codes, RowChange change) {
        return switch (change) {
            case ADDED -> codes.get(0);
            case CHANGED -> codes.get(1);
            case REMOVED -> codes.get(2);
        };
    }
}
