package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the looks at one delivered file found.
 *
 * <p>Immutable and comparable; each look gives a new value.
 */
public final class WatchRecord {

    /** Before the first look. */
    public static final WatchRecord NONE = new WatchRecord(WatchState.NOT_SAID, null, null, 0, 0);

    private final WatchState state;
    private final @Nullable Instant lastLooked;
    private final @Nullable Instant lastSeen;
    private final int vanished;
    private final int recopied;

    private WatchRecord(
            WatchState state, @Nullable Instant lastLooked, @Nullable Instant lastSeen, int vanished, int recopied) {
        this.state = state;
        this.lastLooked = lastLooked;
        this.lastSeen = lastSeen;
        this.vanished = vanished;
        this.recopied = recopied;
    }

    /**
     * A record as it was kept: for stores.
     *
     * @param state what is known
     * @param lastLooked the time of the last look
     * @param lastSeen the last time it was seen; empty if never
     * @param vanished how often it was found missing, zero or more
     * @param recopied how often it was copied again, zero or more
     * @return the record
     */
    public static WatchRecord of(
            WatchState state, Optional<Instant> lastLooked, Optional<Instant> lastSeen, int vanished, int recopied) {
        return new WatchRecord(
                requireNonNull(state, "state"), lastLooked.orElse(null), lastSeen.orElse(null), vanished, recopied);
    }

    /**
     * The record after a look without an answer.
     *
     * @param now the time of the look
     * @return the next record
     */
    public WatchRecord toLooked(Instant now) {
        return new WatchRecord(state, requireNonNull(now, "now"), lastSeen, vanished, recopied);
    }

    /**
     * The record after a look that found the file.
     *
     * @param now the time of the look
     * @return the next record
     */
    public WatchRecord toSeen(Instant now) {
        return new WatchRecord(WatchState.SEEN, requireNonNull(now, "now"), now, vanished, recopied);
    }

    /**
     * The record after a look that missed the file. It has vanished once more, unless it was missing already.
     *
     * @param missing {@code MISSING}, {@code HELD} or {@code VANISHED}
     * @param now the time of the look
     * @return the next record
     */
    public WatchRecord toMissing(WatchState missing, Instant now) {
        boolean known = state == WatchState.MISSING || state == WatchState.HELD;
        return new WatchRecord(
                requireNonNull(missing, "missing"),
                requireNonNull(now, "now"),
                lastSeen,
                known ? vanished : vanished + 1,
                recopied);
    }

    /**
     * The record before the file is made visible again.
     *
     * @return the next record
     */
    public WatchRecord toRecopied() {
        return new WatchRecord(WatchState.RECOPIED, lastLooked, lastSeen, vanished, recopied + 1);
    }

    /**
     * The record after a look that found something else.
     *
     * @param now the time of the look
     * @return the last record
     */
    public WatchRecord toConflict(Instant now) {
        return new WatchRecord(WatchState.CONFLICT, requireNonNull(now, "now"), lastSeen, vanished, recopied);
    }

    /**
     * Returns what is known.
     *
     * @return the state
     */
    public WatchState state() {
        return state;
    }

    /**
     * Returns when the last look was, by the engine's clock, whether or not it was answered.
     *
     * @return the time; empty before the first look
     */
    public Optional<Instant> lastLooked() {
        return Optional.ofNullable(lastLooked);
    }

    /**
     * Returns when the file was last there with its exact size, by the engine's clock.
     *
     * @return the time; empty if no look has found it
     */
    public Optional<Instant> lastSeen() {
        return Optional.ofNullable(lastSeen);
    }

    /**
     * Returns how often it was found missing.
     *
     * @return zero or more
     */
    public int vanished() {
        return vanished;
    }

    /**
     * Returns how often it was copied again. Counted before the copy is made visible: one whose answer got lost counts.
     *
     * @return zero or more
     */
    public int recopied() {
        return recopied;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WatchRecord that
                && state == that.state
                && Objects.equals(lastLooked, that.lastLooked)
                && Objects.equals(lastSeen, that.lastSeen)
                && vanished == that.vanished
                && recopied == that.recopied;
    }

    @Override
    public int hashCode() {
        return Objects.hash(state, lastLooked, lastSeen, vanished, recopied);
    }

    @Override
    public String toString() {
        return state + ", vanished " + vanished + ", recopied " + recopied + ", looked " + lastLooked + ", seen "
                + lastSeen;
    }
}
