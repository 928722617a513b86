package io.outfeed.internal.layout;

import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldMapping;
import io.outfeed.format.ColumnType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field that a layout has chosen as a column, with its transformations and codes. It is marked as the field is.
 *
 * @param chosenCodes the codes that the layout has chosen; none if it has chosen no codes
 * @param steps what turns the field's value into the column's, in order; none if it is the field's own
 */
record ChosenMapping<T>(
        FieldMapping<? super T> field,
        String name,
        String header,
        FieldKind chosenKind,
        List<ValueStep> steps,
        List<String> chosenCodes)
        implements FieldMapping<T> {

    /** Turns a value into another. */
    @FunctionalInterface
    interface ValueStep {

        @Nullable
        Object apply(@Nullable Object value);
    }

    @Override
    public Optional<ColumnType> type() {
        return steps.isEmpty() ? field.type() : Optional.empty();
    }

    @Override
    public String description() {
        return field.description();
    }

    @Override
    public List<String> codes() {
        return steps.isEmpty() ? field.codes() : chosenCodes;
    }

    @Override
    public FieldKind kind() {
        return steps.isEmpty() ? field.kind() : chosenKind;
    }

    @Override
    public boolean required() {
        return field.required();
    }

    @Override
    public boolean sensitive() {
        return field.sensitive();
    }

    @Override
    public @Nullable Object valueOf(T record) throws Exception {
        Object value = field.valueOf(record);
        for (ValueStep step : steps) {
            value = step.apply(value);
        }
        return value;
    }

    @Override
    public @Nullable Object rawValueOf(T record) throws Exception {
        return field.rawValueOf(record);
    }

    @Override
    public String toString() {
        return name + " (" + kind() + ")";
    }
}
