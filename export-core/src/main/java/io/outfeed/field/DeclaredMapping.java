package io.outfeed.field;

import io.outfeed.format.ColumnType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A column whose header or type is declared apart from its mapping. */
record DeclaredMapping<T>(FieldMapping<T> mapping, Optional<String> declaredHeader, Optional<ColumnType> declaredType)
        implements FieldMapping<T> {

    @Override
    public String name() {
        return mapping.name();
    }

    @Override
    public String header() {
        return declaredHeader.orElseGet(mapping::header);
    }

    @Override
    public Optional<ColumnType> type() {
        return declaredType.or(mapping::type);
    }

    @Override
    public FieldKind kind() {
        return mapping.kind();
    }

    @Override
    public boolean required() {
        return mapping.required();
    }

    @Override
    public boolean sensitive() {
        return mapping.sensitive();
    }

    @Override
    public @Nullable Object valueOf(T record) throws Exception {
        return mapping.valueOf(record);
    }

    @Override
    public @Nullable Object rawValueOf(T record) throws Exception {
        return mapping.rawValueOf(record);
    }

    @Override
    public String toString() {
        return mapping.toString();
    }
}
