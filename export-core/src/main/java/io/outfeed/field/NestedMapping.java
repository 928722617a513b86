package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column of an object that the record holds. Where there is no such object, the cell is empty. */
record NestedMapping<T, N>(
        String header, Function<? super T, ? extends @Nullable N> getter, FieldMapping<? super N> nested)
        implements FieldMapping<T> {

    NestedMapping {
        requireNonNull(getter, "getter");
    }

    @Override
    public FieldKind kind() {
        return nested.kind();
    }

    @Override
    public boolean required() {
        return nested.required();
    }

    @Override
    public boolean sensitive() {
        return nested.sensitive();
    }

    @Override
    public @Nullable Object valueOf(T record) throws Exception {
        N object = getter.apply(record);
        return object == null ? null : nested.valueOf(object);
    }

    @Override
    public @Nullable Object rawValueOf(T record) throws Exception {
        N object = getter.apply(record);
        return object == null ? null : nested.rawValueOf(object);
    }

    @Override
    public String toString() {
        return header + " (" + kind() + ")";
    }
}
