package io.outfeed.internal.mapping;

import io.outfeed.error.MappingException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.ValueTexts;
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
        RowCells cells = new RowCells(1);
        new FieldCell<T>(mapping, this).put(cells, 0, record, key);
        return cells.cell(0);
    }

    ValueText.Kind kind(Class<?> of) {
        return texts.kind(of);
    }

    MappingException failure(
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
