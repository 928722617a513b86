package io.outfeed.internal.mapping;

import io.outfeed.format.CellType;
import io.outfeed.format.RecordCells;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adapts the cells of a row to the interface of the formats. */
public record RowCells(List<@Nullable Cell> cells) implements RecordCells {

    @Override
    public int size() {
        return cells.size();
    }

    @Override
    public @Nullable String text(int column) {
        Cell cell = cells.get(column);
        return cell == null ? null : cell.text();
    }

    @Override
    public CellType type(int column) {
        Cell cell = cells.get(column);
        return cell == null ? CellType.TEXT : cell.type();
    }

    @Override
    public @Nullable Object value(int column) {
        Cell cell = cells.get(column);
        return cell == null ? null : cell.value();
    }

    /** Omits the texts, which may be personal. */
    @Override
    public String toString() {
        return cells.size() + " cells";
    }
}
