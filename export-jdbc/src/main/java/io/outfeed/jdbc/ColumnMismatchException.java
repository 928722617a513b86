package io.outfeed.jdbc;

import java.io.Serial;

/** A column that is missing, or of another type than was asked for. Its message has no value, and may be shown. */
final class ColumnMismatchException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    ColumnMismatchException(String message) {
        super(message);
    }
}
