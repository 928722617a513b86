package io.outfeed.error;

import org.jspecify.annotations.Nullable;

/** Thrown if the store can't be read or written: a full disk, a damaged file, a directory in use, a lost lock. */
public final class StoreException extends ExportException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public FailureCode code() {
        return FailureCode.STORE_UNAVAILABLE;
    }
}
