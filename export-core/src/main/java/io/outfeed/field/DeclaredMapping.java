package io.outfeed.field;

import io.outfeed.format.ColumnType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A column whose header, type or description is declared apart from its mapping. */
record DeclaredMapping<T>(
        FieldMapping<T> mapping,
        Optional<String> declaredHeader,
        Optional<ColumnType> declaredType,
        Optional<String> declaredDescription)
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
    public String description() {
        return declaredDescription.orElseGet(mapping::description);
    }

    @Override
    public List<String> codes() {
        return mapping.codes();
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
