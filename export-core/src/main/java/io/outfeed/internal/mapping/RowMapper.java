package io.outfeed.internal.mapping;

import io.outfeed.field.FieldMapping;
import java.util.List;

/** Maps all fields of a record to cells. Used by one thread. */
public final class RowMapper<T> {

    private final List<FieldCell<T>> fields;

    public RowMapper(List<? extends FieldMapping<? super T>> mappings, CellText texts) {
        this.fields = mappings.stream()
                .map(mapping -> new FieldCell<T>(mapping, texts))
                .toList();
    }

    /**
     * Maps a record.
     *
     * @param key names the record in a message
     * @return the cells
     * @throws io.outfeed.error.MappingException if a field can't be mapped; the message has no value
     */
    public RowCells map(T record, String key) {
        int size = fields.size();
        RowCells cells = new RowCells(size);
        for (int i = 0; i < size; i++) {
            fields.get(i).put(cells, i, record, key);
        }
        return cells;
    }
}
