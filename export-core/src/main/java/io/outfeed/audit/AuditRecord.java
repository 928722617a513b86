package io.outfeed.audit;

import static java.util.Objects.requireNonNull;

/**
 * A line of the audit as it is kept. Immutable.
 *
 * @param number its number: later lines have higher ones
 * @param entry the line
 */
public record AuditRecord(long number, AuditEntry entry) {

    /**
     * Checks that nothing is missing.
     *
     * @param number its number
     * @param entry the line
     */
    public AuditRecord {
        requireNonNull(entry, "entry");
    }
}
