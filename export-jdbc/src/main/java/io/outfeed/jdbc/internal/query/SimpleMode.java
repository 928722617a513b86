package io.outfeed.jdbc.internal.query;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the driver of a source is in PostgreSQL's simple query mode, once its server was asked. Thread-safe. */
public final class SimpleMode {

    private volatile @Nullable Boolean known;

    Optional<Boolean> known() {
        return Optional.ofNullable(known);
    }

    boolean remember(boolean simple) {
        known = simple;
        return simple;
    }
}
