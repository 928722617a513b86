package io.outfeed.source;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The position up to which a job has delivered the records of a definition: text with a kind, made by the watermark.
 *
 * <p>Immutable and thread-safe. Only the watermark that made a position knows the order of positions; all other code
 * treats it as opaque.
 */
public final class Position {

    /** The kind of a position that is a point in time, its text as {@link Instant#toString()} writes it. */
    public static final String TIMESTAMP = "timestamp";

    /** The kind of a position that is a whole number, its text in decimal digits. */
    public static final String SEQUENCE = "sequence";

    /** The kind of a position that only says when everything was exported. */
    public static final String SNAPSHOT = "snapshot";

    private final String kind;

    /** Its text, or the {@link Instant} or {@link Long} that it was made of. */
    private final Object made;

    /** The text of what it was made of: a position that is compared only needs none. */
    private @Nullable String text;

    /** What the text stands for, once it was asked for. */
    private @Nullable Object value;

    /**
     * Makes a position from a text.
     *
     * @param kind the kind of watermark that made it, such as {@code timestamp}
     * @param text what the watermark reads back, such as {@code 2026-03-01T12:00:00Z}
     */
    public Position(String kind, String text) {
        this.kind = requireNonNull(kind, "kind");
        this.made = requireNonNull(text, "text");
    }

    private Position(String kind, Object made) {
        this.kind = kind;
        this.made = made;
    }

    /**
     * Makes a position that is a point in time.
     *
     * @param instant the point in time
     * @return a position of kind {@link #TIMESTAMP}
     */
    public static Position of(Instant instant) {
        return new Position(TIMESTAMP, (Object) requireNonNull(instant, "instant"));
    }

    /**
     * Makes a position that is a whole number.
     *
     * @param number the number
     * @return a position of kind {@link #SEQUENCE}
     */
    public static Position of(long number) {
        return new Position(SEQUENCE, (Object) number);
    }

    /**
     * Returns the kind of watermark that made it.
     *
     * @return such as {@code timestamp}
     */
    public String kind() {
        return kind;
    }

    /**
     * Returns what the watermark reads back.
     *
     * @return such as {@code 2026-03-01T12:00:00Z}
     */
    public String text() {
        if (made instanceof String given) {
            return given;
        }
        String known = text;
        if (known == null) {
            known = made.toString();
            text = known;
        }
        return known;
    }

    /**
     * Returns the point in time, if this is one.
     *
     * @return the point in time, or empty if the text is not one
     */
    public Optional<Instant> instant() {
        if ((made instanceof String ? value : made) instanceof Instant instant) {
            return Optional.of(instant);
        }
        try {
            Instant instant = Instant.parse(text());
            value = instant;
            return Optional.of(instant);
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
        if ((made instanceof String ? value : made) instanceof Long number) {
            return number;
        }
        try {
            long number = Long.parseLong(text());
            value = number;
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    "a position of kind '" + kind + "' is no whole number: use text() or toInstant()", e);
        }
    }

    /** Compares kind and text. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Position that && kind.equals(that.kind) && text().equals(that.text());
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, text());
    }

    /** The kind and the text, such as {@code timestamp:2026-03-01T12:00:00Z}. */
    @Override
    public String toString() {
        return kind + ":" + text();
    }
}
