package io.outfeed.error;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a file can't be compressed or encrypted: a key is missing, has expired or can't be used, or a transform has
 * failed.
 */
public final class TransformException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The kind of failure. */
    private final FailureCode code;

    private TransformException(FailureCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /**
     * Creates an exception of a kind, which decides whether the run is tried again.
     *
     * @param code the kind of failure
     * @param message what failed and what to do next, without a key or a passphrase
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static TransformException of(FailureCode code, String message, @Nullable Throwable cause) {
        return new TransformException(requireNonNull(code, "code"), message, cause);
    }

    @Override
    public FailureCode code() {
        return code;
    }
}
