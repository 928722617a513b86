package io.outfeed.format;

import org.jspecify.annotations.Nullable;

/** The cells of one record, in the order of the headers. Valid only until the next record. Used by one thread. */
public interface RecordCells {

    /**
     * Returns the number of cells.
     *
     * @return as many as there are headers
     */
    int size();

    /**
     * Returns the text of a cell.
     *
     * @param column the column, from zero
     * @return the text; null for an empty cell, which differs from an empty text
     */
    @Nullable
    String text(int column);

    /**
     * Returns the type of a cell.
     *
     * @param column the column, from zero
     * @return the type of its value; {@code TEXT} if it is null
     */
    CellType type(int column);
}
