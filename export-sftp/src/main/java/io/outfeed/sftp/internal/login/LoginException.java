package io.outfeed.sftp.internal.login;

import org.jspecify.annotations.Nullable;

/** A login that failed for a reason other than a broken connection. The message contains no secret. */
public final class LoginException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private LoginException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    static LoginException permanent(String message, @Nullable Throwable cause) {
        return new LoginException(message, false, cause);
    }

    static LoginException retryable(String message, @Nullable Throwable cause) {
        return new LoginException(message, true, cause);
    }

    /** Whether the same login may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
