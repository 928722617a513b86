package io.outfeed.ftp.internal.login;

import io.outfeed.error.FailureCode;
import org.jspecify.annotations.Nullable;

/** A login that failed for a reason other than a broken connection. The message contains no secret. */
public final class LoginException extends Exception {

    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    private LoginException(FailureCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The server has refused it, or what it needs can't be used. */
    public static LoginException refused(String message, @Nullable Throwable cause) {
        return new LoginException(FailureCode.LOGIN_REFUSED, message, cause);
    }

    /** The host gave no secret, and may give one later. */
    static LoginException noSecret(String message, @Nullable Throwable cause) {
        return new LoginException(FailureCode.SECRET_UNAVAILABLE, message, cause);
    }

    /** The kind of failure. */
    public FailureCode code() {
        return code;
    }
}
