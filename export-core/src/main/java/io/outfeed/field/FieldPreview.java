package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What one field of a record becomes, for a person to look at.
 *
 * <p>Immutable. It holds a value of the record: {@link #toString()} does not show it, and it must not be logged.
 *
 * @param header the column's header, or the name of a field that is not mapped
 * @param kind how the column gets its value
 * @param text the text in the cell; empty if there is a problem, or the field is not mapped
 * @param problem why there is no value: what went wrong, or why the field is not mapped
 */
public record FieldPreview(String header, FieldKind kind, String text, Optional<String> problem) {

    /**
     * Checks that nothing is missing.
     *
     * @param header the column's header, or the name of a field that is not mapped
     * @param kind how the column gets its value
     * @param text the text in the cell; empty if there is a problem, or the field is not mapped
     * @param problem why there is no value: what went wrong, or why the field is not mapped
     */
    public FieldPreview {
        requireNonNull(header, "header");
        requireNonNull(kind, "kind");
        requireNonNull(text, "text");
        requireNonNull(problem, "problem");
    }

    /** The header and the kind, without the value. */
    @Override
    public String toString() {
        return header + " (" + kind + ")";
    }
}
