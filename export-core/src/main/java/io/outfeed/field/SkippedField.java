package io.outfeed.field;

import static java.util.Objects.requireNonNull;

/**
 * A field that is skipped on purpose: it has no column, and a documented reason.
 *
 * <p>Immutable.
 *
 * @param name the field's name
 * @param reason why it is left out
 */
public record SkippedField(String name, String reason) {

    /**
     * Checks that nothing is missing.
     *
     * @param name the field's name
     * @param reason why it is left out
     */
    public SkippedField {
        requireNonNull(name, "name");
        requireNonNull(reason, "reason");
    }
}
