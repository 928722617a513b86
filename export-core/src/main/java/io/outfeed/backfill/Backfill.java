package io.outfeed.backfill;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A window that is to be exported again, and the chunks that it is exported in: each chunk is a run with a file of its
 * own.
 *
 * <pre>{@code
 * Backfill.of("orders", Instant.parse("2025-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:00Z"))
 *         .inChunksOf(Period.ofDays(1), ZoneId.of("Europe/Amsterdam"))
 * }</pre>
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class Backfill {

    /** The most chunks of a backfill. */
    public static final int MOST_CHUNKS = 10_000;

    private final String definition;
    private final Window window;
    private final @Nullable ChunkSize size;
    private final int chunks;

    private Backfill(String definition, Window window, @Nullable ChunkSize size) {
        this.definition = definition;
        this.window = window;
        this.size = size;
        this.chunks = size == null ? 1 : count(window, size);
    }

    /** How long chunks are. */
    private sealed interface ChunkSize {

        /** Returns the kind of the positions that it can be added to. */
        String kind();

        /** Returns the position that lies a number of chunks after another one. */
        Position after(Position from, int chunks);

        boolean isBefore(Position left, Position right);
    }

    private record OfDuration(Duration length) implements ChunkSize {

        @Override
        public String kind() {
            return Position.TIMESTAMP;
        }

        @Override
        public Position after(Position from, int chunks) {
            return Position.of(from.toInstant().plus(length.multipliedBy(chunks)));
        }

        @Override
        public boolean isBefore(Position left, Position right) {
            return left.toInstant().isBefore(right.toInstant());
        }

        @Override
        public String toString() {
            return length.toString();
        }
    }

    private record OfPeriod(Period length, ZoneId zone) implements ChunkSize {

        @Override
        public String kind() {
            return Position.TIMESTAMP;
        }

        /** From the first one: months that are added one after the other would drift away from the 31st. */
        @Override
        public Position after(Position from, int chunks) {
            return Position.of(from.toInstant()
                    .atZone(zone)
                    .plus(length.multipliedBy(chunks))
                    .toInstant());
        }

        @Override
        public boolean isBefore(Position left, Position right) {
            return left.toInstant().isBefore(right.toInstant());
        }

        @Override
        public String toString() {
            return length + " " + zone;
        }
    }

    private record OfNumbers(long length) implements ChunkSize {

        @Override
        public String kind() {
            return Position.SEQUENCE;
        }

        @Override
        public Position after(Position from, int chunks) {
            return Position.of(Math.addExact(from.toLong(), Math.multiplyExact(length, chunks)));
        }

        @Override
        public boolean isBefore(Position left, Position right) {
            return left.toLong() < right.toLong();
        }

        @Override
        public String toString() {
            return Long.toString(length);
        }
    }

    /**
     * Returns the backfill of a window, in one chunk.
     *
     * @param definition the name of the definition
     * @param from the first position that belongs to the window
     * @param until the first that no longer does, of the same kind
     * @return the backfill
     * @throws IllegalArgumentException if the positions are of different kinds
     */
    public static Backfill of(String definition, Position from, Position until) {
        return new Backfill(requireNonNull(definition, "definition"), new Window(from, until), null);
    }

    /**
     * Returns the backfill of a window of time, in one chunk.
     *
     * @param definition the name of the definition
     * @param from the first point in time that belongs to the window
     * @param until the first that no longer does
     * @return the backfill
     */
    public static Backfill of(String definition, Instant from, Instant until) {
        return of(definition, Position.of(from), Position.of(until));
    }

    /**
     * Divides the window into chunks of a length of time. Replaces the chunks that were set before.
     *
     * @param length the length of a chunk, above zero; the last chunk may be shorter
     * @return another backfill
     * @throws IllegalArgumentException if the length is not above zero, the positions are not of kind
     *     {@link Position#TIMESTAMP}, the window is empty, or it has more than {@link #MOST_CHUNKS} chunks
     */
    public Backfill inChunksOf(Duration length) {
        if (length.isZero() || length.isNegative()) {
            throw new IllegalArgumentException("the length of a chunk must be above zero, not " + length);
        }
        return new Backfill(definition, window, new OfDuration(length));
    }

    /**
     * Divides the window into chunks of days, weeks, months or years of a calendar, such as the days of a zone. They
     * are counted from the beginning of the window. Replaces the chunks that were set before.
     *
     * @param length the length of a chunk, above zero; the last chunk may be shorter
     * @param zone in which days begin and end
     * @return another backfill
     * @throws IllegalArgumentException as for {@link #inChunksOf(Duration)}
     */
    public Backfill inChunksOf(Period length, ZoneId zone) {
        requireNonNull(zone, "zone");
        if (length.isZero() || length.isNegative()) {
            throw new IllegalArgumentException("the length of a chunk must be above zero, not " + length);
        }
        return new Backfill(definition, window, new OfPeriod(length, zone));
    }

    /**
     * Divides the window into chunks of numbers, such as ids. Replaces the chunks that were set before.
     *
     * @param numbers how many numbers a chunk covers, one or more; records need not exist for all of them
     * @return another backfill
     * @throws IllegalArgumentException if there are none, the positions are not of kind {@link Position#SEQUENCE}, the
     *     window is empty, or it has more than {@link #MOST_CHUNKS} chunks
     */
    public Backfill inChunksOf(long numbers) {
        if (numbers < 1) {
            throw new IllegalArgumentException("a chunk must cover one number or more, not " + numbers);
        }
        return new Backfill(definition, window, new OfNumbers(numbers));
    }

    private static int count(Window window, ChunkSize size) {
        if (!window.from().kind().equals(size.kind())) {
            throw new IllegalArgumentException("chunks of " + size + " divide positions of kind '" + size.kind()
                    + "', not of kind '" + window.from().kind() + "'");
        }
        if (!size.isBefore(window.from(), window.until())) {
            throw new IllegalArgumentException("the window of a backfill must not be empty: " + window);
        }
        int few = 0;
        int many = MOST_CHUNKS;
        if (isBefore(window, size, many)) {
            throw new IllegalArgumentException("a backfill has " + MOST_CHUNKS
                    + " chunks at most: make them longer than " + size + ", or the window shorter");
        }
        while (many - few > 1) { // the least number that reaches the end
            int middle = (few + many) / 2;
            if (isBefore(window, size, middle)) {
                few = middle;
            } else {
                many = middle;
            }
        }
        return many;
    }

    private static boolean isBefore(Window window, ChunkSize size, int chunks) {
        try {
            return size.isBefore(size.after(window.from(), chunks), window.until());
        } catch (ArithmeticException | DateTimeException e) {
            return false; // beyond every position
        }
    }

    /**
     * Returns the name of the definition that is exported.
     *
     * @return the name
     */
    public String definition() {
        return definition;
    }

    /**
     * Returns the window of all chunks together.
     *
     * @return the window
     */
    public Window window() {
        return window;
    }

    /**
     * Returns the number of chunks.
     *
     * @return one or more
     */
    public int chunks() {
        return chunks;
    }

    /**
     * Returns the window of a chunk.
     *
     * @param index which chunk, from zero
     * @return its window, which begins where that of the chunk before it ends
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public Window chunk(int index) {
        Objects.checkIndex(index, chunks);
        if (size == null) {
            return window;
        }
        return new Window(
                index == 0 ? window.from() : size.after(window.from(), index),
                index == chunks - 1 ? window.until() : size.after(window.from(), index + 1));
    }

    /**
     * Returns how long chunks are.
     *
     * @return such as {@code PT24H}, {@code P1M Europe/Amsterdam} or {@code 1000}; empty if there is one chunk
     */
    public String chunkSize() {
        return size == null ? "" : size.toString();
    }

    /** Compares definition, window and chunks. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Backfill that
                && definition.equals(that.definition)
                && window.equals(that.window)
                && Objects.equals(size, that.size);
    }

    @Override
    public int hashCode() {
        return Objects.hash(definition, window, size);
    }

    /** The definition, the window and the length of chunks. */
    @Override
    public String toString() {
        return "backfill of '" + definition + "' " + window + (size == null ? "" : " in chunks of " + size);
    }
}
