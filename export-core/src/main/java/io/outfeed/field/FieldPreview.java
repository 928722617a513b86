package io.outfeed.field;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One field of a record as it will be exported, for a person to check.
 *
 * <p>Immutable. It has values of the record, also of sensitive fields: {@link #toString()} omits them, and they must
 * not be logged.
 *
 * @param name the field's name
 * @param header the column's header; the name of a field that is not mapped
 * @param kind how the column gets its value
 * @param sensitive whether the field is marked as sensitive: show it only to people who may see it
 * @param raw the record's value before a transformation or match code; empty for null, and for a field that is not
 *     mapped
 * @param text the text in the cell, before its format adds to it: quotes, the apostrophe of a formula guard, a
 *     replacement for what the charset lacks; empty for an empty cell, for a field that is not mapped, and if there is
 *     a problem
 * @param problem why there is no value: what went wrong, what the format can't write, or why the field is not mapped
 */
public record FieldPreview(
        String name,
        String header,
        FieldKind kind,
        boolean sensitive,
        Optional<String> raw,
        Optional<String> text,
        Optional<String> problem) {

    /**
     * Checks that nothing is missing.
     *
     * @param name the field's name
     * @param header the column's header; the name of a field that is not mapped
     * @param kind how the column gets its value
     * @param sensitive whether the field is marked as sensitive: show it only to people who may see it
     * @param raw the record's value before a transformation or match code; empty for null, and for a field that is not
     *     mapped
     * @param text the text in the cell, before its format adds to it; empty for an empty cell, for a field that is not
     *     mapped, and if there is a problem
     * @param problem why there is no value: what went wrong, what the format can't write, or why the field is not
     *     mapped
     */
    public FieldPreview {
        requireNonNull(name, "name");
        requireNonNull(header, "header");
        requireNonNull(kind, "kind");
        requireNonNull(raw, "raw");
        requireNonNull(text, "text");
        requireNonNull(problem, "problem");
    }

    /** The name and the kind, without the values. */
    @Override
    public String toString() {
        return name + " (" + kind + ")";
    }
}
