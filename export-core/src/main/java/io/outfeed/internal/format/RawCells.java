package io.outfeed.internal.format;

import org.jspecify.annotations.Nullable;

/** The cells of a record as values, for formats that write them without making a text of each. */
public interface RawCells {

    /**
     * Returns the value of a cell.
     *
     * @return a text, or a value of which {@code ValueText} makes the text of the cell; null for an empty cell
     */
    @Nullable
    Object raw(int column);
}
