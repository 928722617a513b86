package io.outfeed.jdbc.internal.column;

import io.outfeed.field.RejectedValueException;
import java.io.Serial;

/** A column that is missing, or of another type than was asked for: wrong for every row. */
public final class ColumnMismatchException extends RejectedValueException {

    @Serial
    private static final long serialVersionUID = 1L;

    public ColumnMismatchException(String message) {
        super(message);
    }
}
