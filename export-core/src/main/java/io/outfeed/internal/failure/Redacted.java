package io.outfeed.internal.failure;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an exception that was thrown while a record was processed, without its message, which may quote the record.
 * The type and the stack trace stay.
 */
public final class Redacted extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The name of the class of the original. */
    private final String type;

    /** What an original of the database says about itself, without a message. */
    private final @Nullable String sqlCodes;

    private Redacted(Throwable original, @Nullable Throwable cause) {
        super(original.getClass().getName() + " (its message is left out, since it may quote a record)", cause);
        this.type = original.getClass().getName();
        this.sqlCodes = SqlCodes.of(original).orElse(null);
    }

    String type() {
        return type;
    }

    Optional<String> sqlCodes() {
        return Optional.ofNullable(sqlCodes);
    }

    /** Copies type, stack trace and causes. */
    public static Redacted of(Throwable original) {
        return of(original, 0);
    }

    private static Redacted of(Throwable original, int depth) {
        Throwable cause = original.getCause();
        Redacted redacted = new Redacted(original, cause == null || depth > 10 ? null : of(cause, depth + 1));
        redacted.setStackTrace(original.getStackTrace());
        return redacted;
    }
}
