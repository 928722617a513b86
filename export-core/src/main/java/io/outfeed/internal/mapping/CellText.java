package io.outfeed.internal.mapping;

import io.outfeed.error.MappingException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.RejectedValueException;
import io.outfeed.field.ValueTexts;
import io.outfeed.format.CellType;
import io.outfeed.format.ColumnType;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.value.ValueText;
import org.jspecify.annotations.Nullable;

/** Maps one field of a record to a cell, with the definition's texts of values. Thread-safe. */
public final class CellText {

    private final ValueText texts;
    private final String where;

    /** @param where names job and run in a message, such as {@code job=visits, run=7} */
    public CellText(ValueTexts texts, String where) {
        this.texts = new ValueText(texts);
        this.where = where;
    }

    /**
     * Maps a field.
     *
     * @param key names the record in a message
     * @return the cell; null for an empty one, which differs from a cell with an empty text
     * @throws MappingException if it can't be mapped, or is required and blank; the message has no value
     */
    public <T> @Nullable Cell of(FieldMapping<? super T> mapping, T record, String key) {
        String text;
        CellType type;
        try {
            Object value = mapping.valueOf(record);
            text = texts.of(value);
            type = texts.type(value);
            if (text != null && mapping.type().isPresent()) {
                type = declared(mapping.type().get(), type, text);
            }
        } catch (RejectedValueException e) {
            String problem = String.valueOf(e.getMessage());
            throw failure(mapping, key, problem, problem, Redacted.of(e));
        } catch (Throwable e) {
            String advice = "correct the record, or give the field a transformation or match code for it";
            throw failure(mapping, key, advice, e.getClass().getName() + ": " + advice, HostCalls.redact(e));
        }
        if ((text == null || text.isBlank()) && mapping.required()) {
            String problem =
                    "it is required, and this record's is empty: correct the record, or make the field optional";
            throw failure(mapping, key, problem, problem, null);
        }
        return text == null ? null : new Cell(text, type);
    }

    /** Returns the type of a cell of a column with a declared type. */
    private static CellType declared(ColumnType column, CellType type, String text) {
        column.problem(type, text).ifPresent(problem -> {
            throw new RejectedValueException(problem);
        });
        return column.cells() == CellType.DECIMAL && type == CellType.INTEGER ? type : column.cells();
    }

    private MappingException failure(
            FieldMapping<?> mapping, String key, String problem, String reason, @Nullable Throwable cause) {
        String field = mapping.name();
        return new MappingException(
                "can't map field '" + field + "' (" + mapping.kind() + ") of record '" + key + "': " + problem + " ("
                        + where + ", field=" + field + ")",
                field,
                key,
                reason,
                cause);
    }
}
