package io.outfeed.internal.search;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a file, one after the other; none is kept. Used by one thread. */
interface RowReader {

    /**
     * Reads the next row.
     *
     * @return false at the end
     * @throws IOException if the bytes are no rows of this format; the message has none of them
     */
    boolean next() throws IOException;

    /** Returns how many columns the current row has. */
    int columns();

    /** Returns the text of a cell of the current row; null for a null. */
    @Nullable
    String text(int column);

    /** Returns the header of a column; empty if it is not known. */
    Optional<String> header(int column);
}
