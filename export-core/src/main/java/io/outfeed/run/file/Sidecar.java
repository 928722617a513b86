package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

/**
 * A file that a run keeps besides those that it delivers: what it remembers for the next run, or its rejects.
 *
 * <p>Immutable.
 *
 * @param kind what is in it
 * @param definition the name of the export definition
 * @param bytes the size in bytes
 * @param sha256 the SHA-256 of the bytes, in 64 small hexadecimal digits
 */
public record Sidecar(Kind kind, String definition, long bytes, String sha256) {

    /** What is in a sidecar. */
    public enum Kind {
        /** The records near the end of the window, by which the next run recognizes those that come late. */
        SEEN,
        /** The rows that the receiver has, with which the next run compares: see {@link io.outfeed.ChangeDetection}. */
        DELIVERED,
        /** The records that can't be mapped. */
        REJECTS
    }

    /**
     * Checks that nothing is missing.
     *
     * @param kind what is in it
     * @param definition the name of the export definition
     * @param bytes the size in bytes
     * @param sha256 the SHA-256 of the bytes, in 64 small hexadecimal digits
     */
    public Sidecar {
        requireNonNull(kind, "kind");
        requireNonNull(definition, "definition");
        requireNonNull(sha256, "sha256");
    }
}
