package io.outfeed.internal.format;

import io.outfeed.MappingException;
import io.outfeed.field.FieldMapping;

/** The text of a record's cell in a column. */
public final class CellText {

    private CellText() {}

    /**
     * Maps a field.
     *
     * @param key names the record in a message
     * @throws MappingException if it can't be mapped; no value is in its message
     */
    public static <T> String of(FieldMapping<? super T> mapping, T record, String key) {
        try {
            return ValueText.of(mapping.valueOf(record));
        } catch (Exception e) {
            throw new MappingException(
                    "can't map field '" + mapping.header() + "' (" + mapping.kind() + ") of record '" + key
                            + "': correct the record, or give the field a transformation or match code for it",
                    mapping.header(),
                    key,
                    Redacted.of(e));
        }
    }
}
