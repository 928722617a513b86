package io.outfeed.internal.mapping;

import io.outfeed.format.CellType;
import io.outfeed.format.RecordCells;
import io.outfeed.internal.format.RawCells;
import io.outfeed.internal.value.ValueText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a row. A cell has a text, or a value whose text is made when it is asked for. Used by one thread.
 */
public final class RowCells implements RecordCells, RawCells {

    private final @Nullable Object[] values;
    private final CellType[] types;

    /** The texts that values were asked for. */
    private @Nullable String @Nullable [] texts;

    /** Makes a row of empty cells. */
    public RowCells(int size) {
        this.values = new Object[size];
        this.types = new CellType[size];
        Arrays.fill(types, CellType.TEXT);
    }

    /** @param cells the cells; null for an empty one */
    public RowCells(List<@Nullable Cell> cells) {
        this(cells.size());
        for (int i = 0; i < values.length; i++) {
            Cell cell = cells.get(i);
            if (cell != null) {
                set(i, cell.text(), cell.type());
            }
        }
    }

    /** @param value a text, or a value with a {@linkplain ValueText.Kind#keepsValues default text} */
    void set(int column, Object value, CellType type) {
        values[column] = value;
        types[column] = type;
    }

    /** Copies a cell of another row. */
    public void copy(int column, RowCells other, int from) {
        values[column] = other.values[from];
        types[column] = other.types[from];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public @Nullable Object raw(int column) {
        return values[column];
    }

    @Override
    public @Nullable String text(int column) {
        Object value = values[column];
        if (value == null || value instanceof String) {
            return (String) value;
        }
        if (texts == null) {
            texts = new String[values.length];
        }
        String text = texts[column];
        if (text == null) {
            text = ValueText.defaultText(value);
            texts[column] = text;
        }
        return text;
    }

    @Override
    public CellType type(int column) {
        return types[column];
    }

    @Override
    public @Nullable Object value(int column) {
        Cell cell = cell(column);
        return cell == null ? null : cell.value();
    }

    /** Returns a cell; null if it is empty. */
    public @Nullable Cell cell(int column) {
        String text = text(column);
        return text == null ? null : new Cell(text, types[column]);
    }

    /** Returns all cells; null for an empty one. */
    public List<@Nullable Cell> toList() {
        return IntStream.range(0, values.length).mapToObj(this::cell).toList();
    }

    /** Compares texts and types. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowCells that && toList().equals(that.toList());
    }

    @Override
    public int hashCode() {
        return toList().hashCode();
    }

    /** Omits the texts, which may be personal. */
    @Override
    public String toString() {
        return values.length + " cells";
    }
}
