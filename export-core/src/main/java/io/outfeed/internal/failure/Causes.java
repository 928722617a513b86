package io.outfeed.internal.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what has led to an exception. */
public final class Causes {

    /** An exception may make a new cause each time. */
    private static final int MAX_DEPTH = 20;

    private Causes() {}

    /** Returns the first of an exception and those that led to it that is of a type. */
    public static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        @Nullable Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** Whether an exception, or one that led to it, is of a type. */
    public static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        return find(thrown, type).isPresent();
    }
}
