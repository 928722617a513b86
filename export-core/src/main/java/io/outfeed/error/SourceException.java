package io.outfeed.error;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the source fails, or gives a record outside of the window.
 *
 * <p>Nothing was published and no position moved; the next window covers this one. A cause that was thrown while
 * records were read is carried without its message, since that may quote a row.
 */
public final class SourceException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The kind of failure. */
    private final FailureCode code;

    private SourceException(FailureCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Creates an exception of a kind, which decides whether the run is tried again.
     *
     * @param code the kind of failure
     * @param message what failed and what to do next
     * @param cause what the source threw, or null
     * @return the exception, to throw
     */
    public static SourceException of(FailureCode code, String message, @Nullable Throwable cause) {
        return new SourceException(requireNonNull(code, "code"), message, cause);
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
        return of(FailureCode.SOURCE_UNAVAILABLE, message, cause);
    }

    /**
     * Creates an exception for a failure that only another definition, job or source can help: a record outside of the
     * window, a key that throws.
     *
     * @param message what failed and what to do next
     * @param cause what the source threw, or null
     * @return the exception, to throw
     */
    public static SourceException permanent(String message, @Nullable Throwable cause) {
        return of(FailureCode.SOURCE_REFUSED, message, cause);
    }

    /**
     * Tells whether a retry may help.
     *
     * @return false if something must be corrected first
     */
    public boolean retryable() {
        return code.remedy() == FailureCode.Remedy.TIME;
    }

    @Override
    public FailureCode code() {
        return code;
    }
}
