package io.outfeed.internal.failure;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an exception that was thrown while a record was processed, without its message, which may quote the record.
 * The type and the stack trace stay.
 */
public final class Redacted extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private Redacted(String type, @Nullable Throwable cause) {
        super(type + " (its message is left out, since it may quote a record)", cause);
    }

    /** Copies type, stack trace and causes. */
    public static Redacted of(Throwable original) {
        return of(original, 0);
    }

    private static Redacted of(Throwable original, int depth) {
        Throwable cause = original.getCause();
        Redacted redacted =
                new Redacted(original.getClass().getName(), cause == null || depth > 10 ? null : of(cause, depth + 1));
        redacted.setStackTrace(original.getStackTrace());
        return redacted;
    }
}
