package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The mapping behind {@link Fields.Builder}'s own columns. */
record GetterMapping<T>(String header, FieldKind kind, Function<T, @Nullable Object> getter)
        implements FieldMapping<T> {

    GetterMapping {
        requireNonNull(header, "header");
        requireNonNull(getter, "getter");
    }

    @Override
    public @Nullable Object valueOf(T record) {
        return getter.apply(record);
    }

    @Override
    public String toString() {
        return header + " (" + kind + ")";
    }
}
