package io.outfeed.field;

import org.jspecify.annotations.Nullable;

/**
 * One column: its header, and the value that a record has in it.
 *
 * <p>An SPI: {@link Fields.Builder} makes the usual ones. A mapping belongs to a definition and is called by many threads
 * at once, for one record after the other: keep no state in it. What it throws fails the run before anything is published;
 * the exception's message is dropped, since it may quote a value.
 *
 * @param <T> the record type
 */
public interface FieldMapping<T> {

    /**
     * Returns the column's header.
     *
     * @return the header: not blank, and no other column's
     */
    String header();

    /**
     * Returns how the column gets its value.
     *
     * @return the kind
     */
    default FieldKind kind() {
        return FieldKind.CUSTOM;
    }

    /**
     * Gives the record's value in this column. The file's format turns it into text: text, numbers, booleans, enums,
     * {@code java.time} values, {@code UUID} and {@code Optional} have a default text, other types their own {@code
     * toString}. Arrays, collections, maps, types without a {@code toString}, and {@code java.util.Date}, whose text depends
     * on the machine's zone, fail: they need a transformation.
     *
     * @param record the record
     * @return the value, or null for an empty cell
     * @throws Exception if the record can't be mapped
     */
    @Nullable
    Object valueOf(T record) throws Exception;
}
