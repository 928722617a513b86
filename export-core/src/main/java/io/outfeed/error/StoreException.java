package io.outfeed.error;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Thrown if the store can't be read or written: a full disk, a damaged file, a directory in use, a lost lock. */
public final class StoreException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The kind of failure. */
    private final FailureCode code;

    /**
     * Makes an exception for a store that can't be read or written now.
     *
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     */
    public StoreException(String message, @Nullable Throwable cause) {
        this(FailureCode.STORE_UNAVAILABLE, message, cause);
    }

    private StoreException(FailureCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Creates an exception of a kind, which decides whether the run is tried again.
     *
     * @param code the kind of failure
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static StoreException of(FailureCode code, String message, @Nullable Throwable cause) {
        return new StoreException(requireNonNull(code, "code"), message, cause);
    }

    @Override
    public FailureCode code() {
        return code;
    }
}
