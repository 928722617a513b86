package io.outfeed.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions of Outfeed.
 *
 * <p>A message says what failed, what to do next, and where (job, run, field). It never holds a field's value, a
 * credential or the content of a row.
 */
public class ExportException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a cause.
     *
     * @param message what failed and what to do next
     */
    public ExportException(String message) {
        super(message);
    }

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     */
    public ExportException(String message, @Nullable Throwable cause) {
        super(message, cause);
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
