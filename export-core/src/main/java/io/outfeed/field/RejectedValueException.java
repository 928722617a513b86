package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.io.Serial;

/**
 * Thrown if a value can't be mapped; the message says why without quoting the value.
 *
 * <p>The message appears in exceptions, logs and previews, while the messages of other exceptions from mappings and
 * transformations are dropped, since they may quote the value.
 */
public class RejectedValueException extends IllegalArgumentException {

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
