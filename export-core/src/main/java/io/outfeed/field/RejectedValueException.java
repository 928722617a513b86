package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.io.Serial;

/**
 * A value can't be mapped, and the message says why without quoting it.
 *
 * <p>A mapping or transformation that throws this has its message shown to people, in exceptions, logs and previews;
 * the message of anything else that it throws is dropped, since it may quote the value.
 */
public final class RejectedValueException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message a clause that says what is wrong and what to do, such as
     *     {@code its value is longer than 20 characters: correct the record}; never the value or a part of it
     */
    public RejectedValueException(String message) {
        super(requireNonNull(message, "message"));
    }
}
