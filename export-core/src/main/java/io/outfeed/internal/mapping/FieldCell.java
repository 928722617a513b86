package io.outfeed.internal.mapping;

import io.outfeed.error.MappingException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.RejectedValueException;
import io.outfeed.format.CellType;
import io.outfeed.format.ColumnType;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.value.ValueText;
import org.jspecify.annotations.Nullable;

/** Puts the cells of one field into rows. Used by one thread. */
final class FieldCell<T> {

    private final FieldMapping<? super T> mapping;
    private final CellText texts;

    /** Whether each value fits the column's type that is a value of that type. */
    private final boolean limited;

    private final boolean required;
    private final @Nullable ColumnType declared;

    /** The kind of the last value: most records have values of one class. */
    private ValueText.Kind kind;

    FieldCell(FieldMapping<? super T> mapping, CellText texts) {
        this.mapping = mapping;
        this.texts = texts;
        this.required = mapping.required();
        this.declared = mapping.type().orElse(null);
        this.limited = declared != null
                && (declared.length().isPresent() || declared.scale().isPresent());
        this.kind = texts.kind(String.class);
    }

    /**
     * Puts the cell of a record into a row.
     *
     * @throws MappingException if it can't be mapped, or is required and blank; the message has no value
     */
    void put(RowCells cells, int column, T record, String key) {
        Object kept;
        try {
            kept = kept(cells, column, mapping.valueOf(record));
        } catch (RejectedValueException e) {
            String problem = String.valueOf(e.getMessage());
            throw texts.failure(mapping, key, problem, problem, Redacted.of(e));
        } catch (Throwable e) {
            String advice = "correct the record, or give the field a transformation or match code for it";
            throw texts.failure(mapping, key, advice, e.getClass().getName() + ": " + advice, HostCalls.redact(e));
        }
        if (required && (kept == null || (kept instanceof String text && text.isBlank()))) {
            String problem =
                    "it is required, and this record's is empty: correct the record, or make the field optional";
            throw texts.failure(mapping, key, problem, problem, null);
        }
    }

    private @Nullable Object kept(RowCells cells, int column, @Nullable Object given) {
        if (given == null) {
            return null;
        }
        Object value = given;
        if (kind.of() != given.getClass()) {
            value = ValueText.unwrapped(given);
            if (value == null) {
                return null;
            }
            kind = texts.kind(value.getClass());
        }
        Object kept = kind.kept(value);
        if (kept != null) {
            cells.set(column, kept, declared == null ? kind.type() : declared(declared, kind.type(), kept));
        }
        return kept;
    }

    /** Returns the type of a cell of a column with a declared type. */
    private CellType declared(ColumnType column, CellType type, Object kept) {
        if (!limited && column.cells() == type) {
            return type;
        }
        String text = kept instanceof String itself ? itself : ValueText.defaultText(kept);
        column.problem(type, text).ifPresent(problem -> {
            throw new RejectedValueException(problem);
        });
        return column.cells() == CellType.DECIMAL && type == CellType.INTEGER ? type : column.cells();
    }
}
