package io.outfeed.s3.internal;

import java.io.Serial;

/** No provider of the host or the SDK has given credentials. */
final class NoCredentialsException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Takes a cause without secrets. */
    NoCredentialsException(Throwable cause) {
        super("no credentials", cause);
    }
}
