package io.outfeed.jdbc;

import java.io.Serial;

/** A column that is missing or of another type than was asked for. Its message has no value, so that it may be told. */
final class UnfitColumnException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnfitColumnException(String message) {
        super(message);
    }
}
