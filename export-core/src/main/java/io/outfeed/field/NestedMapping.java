package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import io.outfeed.format.ColumnType;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of an object that the record holds, with a longer name and header. Where there is no such object, the cell
 * is empty.
 */
record NestedMapping<T, N>(
        String prefix, Function<? super T, ? extends @Nullable N> getter, FieldMapping<? super N> nested)
        implements FieldMapping<T> {

    NestedMapping {
        requireNonNull(getter, "getter");
    }

    @Override
    public String name() {
        return prefix + nested.name();
    }

    @Override
    public String header() {
        return prefix + nested.header();
    }

    @Override
    public Optional<ColumnType> type() {
        return nested.type();
    }

    @Override
    public String description() {
        return nested.description();
    }

    @Override
    public List<String> codes() {
        return nested.codes();
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
        return name() + " (" + kind() + ")";
    }
}
