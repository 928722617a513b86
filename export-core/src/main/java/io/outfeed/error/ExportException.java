package io.outfeed.error;

import io.outfeed.internal.text.VisibleText;
import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions of Outfeed.
 *
 * <p>A message says what failed, what to do next, and where (job, run, field). It never holds a field's value, a
 * credential or the content of a row.
 */
public class ExportException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A message is cut after as many characters. */
    private static final int MAX_LENGTH = 4_000;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed and what to do next
     */
    public ExportException(String message) {
        super(clean(message));
    }

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     */
    public ExportException(String message, @Nullable Throwable cause) {
        super(clean(message), cause);
    }

    /** It may quote what a server says. */
    private static @Nullable String clean(@Nullable String message) {
        return message == null ? null : VisibleText.of(message, MAX_LENGTH);
    }

    /**
     * Returns the kind of failure: stable, and explained by a page of the guide.
     *
     * @return the code
     */
    public FailureCode code() {
        return FailureCode.UNEXPECTED;
    }
}
