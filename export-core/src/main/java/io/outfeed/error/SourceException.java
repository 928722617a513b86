package io.outfeed.error;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the source fails, or gives a record outside of the window.
 *
 * <p>Nothing was published and no position moved; the next window covers this one. A cause that was thrown while
 * records were read is carried without its message, since that may quote a row.
 */
public final class SourceException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** Whether a retry may help. */
    private final boolean retryable;

    private SourceException(boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /**
     * Creates an exception for a failure that a retry may overcome: a source that can't be reached, a broken
     * connection.
     *
     * @param message what failed and what to do next
     * @param cause what the source threw, or null
     * @return the exception, to throw
     */
    public static SourceException retryable(String message, @Nullable Throwable cause) {
        return new SourceException(true, message, cause);
    }

    /**
     * Creates an exception for a failure that a person must correct: a record outside of the window, a key that throws.
     *
     * @param message what failed and what to do next
     * @param cause what the source threw, or null
     * @return the exception, to throw
     */
    public static SourceException permanent(String message, @Nullable Throwable cause) {
        return new SourceException(false, message, cause);
    }

    /**
     * Tells whether a retry may help.
     *
     * @return false if a person must correct something first
     */
    public boolean retryable() {
        return retryable;
    }

    @Override
    public FailureCode code() {
        return retryable ? FailureCode.SOURCE_UNAVAILABLE : FailureCode.SOURCE_REFUSED;
    }
}
