package io.outfeed.format;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/**
 * A cell can't be written in a file's format. The engine names the field and the record; nothing was written of the
 * record.
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
     * Returns which cell it is.
     *
     * @return the column, from zero
     */
    public int column() {
        return column;
    }
}
