package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.source.Position;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a job starts that has never exported: a new one, or a copy of another under a new name.
 *
 * <p>Ignored for definitions that have a position already. Immutable and comparable.
 */
public final class StartFrom {

    private static final StartFrom BEGINNING = new StartFrom("beginning", null);
    private static final StartFrom NOW = new StartFrom("now", null);

    private final String word;
    private final @Nullable Position position;

    private StartFrom(String word, @Nullable Position position) {
        this.word = word;
        this.position = position;
    }

    /**
     * The first file has all records. The default.
     *
     * @return the choice
     */
    public static StartFrom beginning() {
        return BEGINNING;
    }

    /**
     * The first file has the records that changed since the job was added to the engine for the first time. Adding it
     * opens the sources, to read the position.
     *
     * @return the choice
     */
    public static StartFrom now() {
        return NOW;
    }

    /**
     * The first file has the records that changed since a position, such as the time of another system's last export.
     *
     * @param position the position, of the kind of all the job's watermarks
     * @return the choice
     */
    public static StartFrom at(Position position) {
        return new StartFrom("at", requireNonNull(position, "position"));
    }

    /**
     * Returns the position that was chosen.
     *
     * @return the position; empty for the beginning and for now
     */
    public Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StartFrom that && word.equals(that.word) && Objects.equals(position, that.position);
    }

    @Override
    public int hashCode() {
        return Objects.hash(word, position);
    }

    /** Such as {@code now}. */
    @Override
    public String toString() {
        return position == null ? word : word + " " + position;
    }
}
