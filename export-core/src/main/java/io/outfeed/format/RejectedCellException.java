package io.outfeed.format;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/**
 * Thrown if a cell can't be written in a file's format; nothing of the record was written. The engine adds the names of
 * the field and the record.
 */
public final class RejectedCellException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The column, from zero. */
    private final int column;

    /**
     * Makes an exception.
     *
     * @param column the column, from zero
     * @param problem what is wrong and what to do next, as a clause without the value
     */
    public RejectedCellException(int column, String problem) {
        super(requireNonNull(problem, "problem"));
        this.column = column;
    }

    /**
     * Returns the index of the cell.
     *
     * @return the column, from zero
     */
    public int column() {
        return column;
    }
}
