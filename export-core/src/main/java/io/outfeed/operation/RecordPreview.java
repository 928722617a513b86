package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.field.FieldPreview;
import java.util.List;

/**
 * A record as it will be exported, for a person to check.
 *
 * <p>Immutable. It has values of the record: {@link #toString()} omits them, and they must not be logged.
 *
 * @param key the record's key
 * @param passesFilter whether the definition's filter lets it through
 * @param fields every field in the order of the file, then those that are not mapped
 */
public record RecordPreview(String key, boolean passesFilter, List<FieldPreview> fields) {

    /**
     * Copies the list.
     *
     * @param key the record's key
     * @param passesFilter whether the definition's filter lets it through
     * @param fields every field in the order of the file, then those that are not mapped
     */
    public RecordPreview {
        requireNonNull(key, "key");
        fields = List.copyOf(fields);
    }

    /** The key, without the values. */
    @Override
    public String toString() {
        return "preview of record '" + key + "'";
    }
}
