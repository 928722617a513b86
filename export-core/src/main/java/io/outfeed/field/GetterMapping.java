package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of {@link Fields.Builder}: a getter, and a transformation of its value. */
record GetterMapping<T, V>(
        String name,
        FieldKind kind,
        Function<? super T, ? extends @Nullable V> getter,
        Transformation<? super V, ?> transformation,
        Set<FieldMark> marks)
        implements FieldMapping<T> {

    GetterMapping {
        requireNonNull(name, "name");
        requireNonNull(getter, "getter");
        requireNonNull(transformation, "transformation");
    }

    GetterMapping(
            String name,
            FieldKind kind,
            Function<? super T, ? extends @Nullable V> getter,
            Transformation<? super V, ?> transformation,
            FieldMark... marks) {
        this(name, kind, getter, transformation, Set.copyOf(List.of(requireNonNull(marks, "marks"))));
    }

    @Override
    public List<String> codes() {
        return transformation instanceof MatchCodes<?> codes ? codes.possibleCodes() : List.of();
    }

    @Override
    public boolean required() {
        return marks.contains(FieldMark.REQUIRED);
    }

    @Override
    public boolean sensitive() {
        return marks.contains(FieldMark.SENSITIVE);
    }

    @Override
    public @Nullable Object valueOf(T record) {
        return transformation.apply(getter.apply(record));
    }

    @Override
    public @Nullable Object rawValueOf(T record) {
        return getter.apply(record);
    }

    @Override
    public String toString() {
        return name + " (" + kind + ")";
    }
}
