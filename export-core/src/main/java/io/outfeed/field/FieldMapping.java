package io.outfeed.field;

import org.jspecify.annotations.Nullable;

/**
 * One column: its header, and the value that a record has in it.
 *
 * <p>An SPI: {@link Fields.Builder} makes the usual ones. A mapping belongs to a definition and is called by many
 * threads at once, for one record after the other: keep no state in it. What it throws fails the run before anything is
 * published; the exception's message is dropped, since it may quote a value.
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
     * Returns whether every record must have a value here: one whose text is null, empty or blank fails, and nothing is
     * published.
     *
     * @return whether the field is required; false by default
     */
    default boolean required() {
        return false;
    }

    /**
     * Returns whether the field may leave only by a protected way. A transformation does not change that.
     *
     * @return whether the field is sensitive; false by default
     */
    default boolean sensitive() {
        return false;
    }

    /**
     * Gives the record's value in this column. {@link ValueTexts} says how it becomes text, and which types have none.
     *
     * @param record the record
     * @return the value, or null for an empty cell
     * @throws Exception if the record can't be mapped
     */
    @Nullable
    Object valueOf(T record) throws Exception;

    /**
     * Gives what the record has before it is mapped: what a preview shows beside the value of the column. Called for
     * previews only.
     *
     * @param record the record
     * @return the value as the record has it, or null; {@link #valueOf} by default
     * @throws Exception if it can't be read
     */
    @Nullable
    default Object rawValueOf(T record) throws Exception {
        return valueOf(record);
    }
}
