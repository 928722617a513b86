package io.outfeed.field;

import io.outfeed.format.ColumnType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One column: its name, and the value that a record has in it.
 *
 * <p>An SPI: {@link Fields.Builder} makes the usual ones. A mapping belongs to a definition and is called by many
 * threads at once: it must be stateless. An exception rejects the record; its message is dropped, since it may quote a
 * value, unless it is a {@link RejectedValueException}.
 *
 * @param <T> the record type
 */
public interface FieldMapping<T> {

    /**
     * Returns the field's name, by which the host's code and messages call it.
     *
     * @return the name: not blank, and unique in the definition
     */
    String name();

    /**
     * Returns the column's header in the file.
     *
     * @return the header: not blank, and unique in the file; the name by default
     */
    default String header() {
        return name();
    }

    /**
     * Returns the type that is declared for the column: a value that does not fit it rejects the record.
     *
     * @return the type; empty, the default, if none is declared, and each cell has the type of its value
     */
    default Optional<ColumnType> type() {
        return Optional.empty();
    }

    /**
     * Returns what the column means, for the receiver.
     *
     * @return a text for people; empty by default
     */
    default String description() {
        return "";
    }

    /**
     * Returns the texts that the column may have, if they are few and known, such as match codes.
     *
     * @return the texts, in order, besides an empty cell; empty, the default, if it may have any text
     */
    default List<String> codes() {
        return List.of();
    }

    /**
     * Returns how the column gets its value.
     *
     * @return the kind
     */
    default FieldKind kind() {
        return FieldKind.CUSTOM;
    }

    /**
     * Returns whether every record must have a value here: a record whose text is null, empty or blank is rejected.
     *
     * @return whether the field is required; false by default
     */
    default boolean required() {
        return false;
    }

    /**
     * Returns whether the field may be sent by {@link io.outfeed.delivery.Protection#PROTECTED protected} deliveries
     * only. A transformation does not change that.
     *
     * @return whether the field is sensitive; false by default
     */
    default boolean sensitive() {
        return false;
    }

    /**
     * Returns the record's value in this column. See {@link ValueTexts} for its text, and for the types that have none.
     *
     * @param record the record
     * @return the value, or null for an empty cell
     * @throws Exception if the record can't be mapped
     */
    @Nullable
    Object valueOf(T record) throws Exception;

    /**
     * Returns the record's value before it is mapped, which previews show next to the value of the column. Called for
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
