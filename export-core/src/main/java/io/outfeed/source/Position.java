package io.outfeed.source;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The position up to which a job has delivered the records of a definition: text with a kind, made by the watermark.
 *
 * <p>Immutable. Only the watermark that made a position knows the order of positions; all other code treats it as
 * opaque.
 *
 * @param kind the kind of watermark that made it, such as {@code timestamp}
 * @param text what the watermark reads back, such as {@code 2026-03-01T12:00:00Z}
 */
public record Position(String kind, String text) {

    /** The kind of a position that is a point in time, its text as {@link Instant#toString()} writes it. */
    public static final String TIMESTAMP = "timestamp";

    /** The kind of a position that is a whole number, its text in decimal digits. */
    public static final String SEQUENCE = "sequence";

    /** The kind of a position that only says when everything was exported. */
    public static final String SNAPSHOT = "snapshot";

    /**
     * Checks that nothing is missing.
     *
     * @param kind the kind of watermark that made it, such as {@code timestamp}
     * @param text what the watermark reads back, such as {@code 2026-03-01T12:00:00Z}
     */
    public Position {
        requireNonNull(kind, "kind");
        requireNonNull(text, "text");
    }

    /**
     * Makes a position that is a point in time.
     *
     * @param instant the point in time
     * @return a position of kind {@link #TIMESTAMP}
     */
    public static Position of(Instant instant) {
        return new Position(TIMESTAMP, instant.toString());
    }

    /**
     * Makes a position that is a whole number.
     *
     * @param number the number
     * @return a position of kind {@link #SEQUENCE}
     */
    public static Position of(long number) {
        return new Position(SEQUENCE, Long.toString(number));
    }

    /**
     * Returns the point in time, if this is one.
     *
     * @return the point in time, or empty if the text is not one
     */
    public Optional<Instant> instant() {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the point in time, for a source whose watermark is a timestamp.
     *
     * @return the point in time
     * @throws IllegalStateException if this is no point in time
     */
    public Instant toInstant() {
        return instant()
                .orElseThrow(() -> new IllegalStateException(
                        "a position of kind '" + kind + "' is no point in time: use text() or toLong()"));
    }

    /**
     * Returns the number, for a source whose watermark is a sequence.
     *
     * @return the number
     * @throws IllegalStateException if this is no whole number
     */
    public long toLong() {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    "a position of kind '" + kind + "' is no whole number: use text() or toInstant()", e);
        }
    }

    /** The kind and the text, such as {@code timestamp:2026-03-01T12:00:00Z}. */
    @Override
    public String toString() {
        return kind + ":" + text;
    }
}
