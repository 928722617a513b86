package io.outfeed.internal.mapping;

import io.outfeed.field.FieldMapping;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Maps all fields of a record to cells. Thread-safe. */
public final class RowMapper<T> {

    private final List<? extends FieldMapping<? super T>> mappings;
    private final CellText texts;

    public RowMapper(List<? extends FieldMapping<? super T>> mappings, CellText texts) {
        this.mappings = mappings;
        this.texts = texts;
    }

    /**
     * Maps a record.
     *
     * @param key names the record in a message
     * @return the cells; null for an empty one
     * @throws io.outfeed.error.MappingException if a field can't be mapped; the message has no value
     */
    public List<@Nullable Cell> map(T record, String key) {
        @Nullable Cell[] cells = new @Nullable Cell[mappings.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = texts.of(mappings.get(i), record, key);
        }
        return Arrays.asList(cells);
    }
}
