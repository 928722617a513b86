package io.outfeed.source;

import static java.util.Objects.requireNonNull;

/**
 * The range of a definition's records that one run covers: from (inclusive) until (exclusive), frozen before the read.
 *
 * <p>Immutable. A source reads exactly this window and never uses the current time.
 *
 * @param from the first position that belongs to the window
 * @param until the first position that no longer does
 */
public record Window(Position from, Position until) {

    /**
     * Checks that both ends are of one kind.
     *
     * @param from the first position that belongs to the window
     * @param until the first position that no longer does
     */
    public Window {
        requireNonNull(from, "from");
        requireNonNull(until, "until");
        if (!from.kind().equals(until.kind())) {
            throw new IllegalArgumentException(
                    "a window has ends of one kind, not '" + from.kind() + "' and '" + until.kind() + "'");
        }
    }

    /** Both ends, such as {@code [timestamp:2026-03-01T12:00:00Z, timestamp:2026-03-02T12:00:00Z)}. */
    @Override
    public String toString() {
        return "[" + from + ", " + until + ")";
    }
}
