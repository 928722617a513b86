package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of the inspections of one delivered file.
 *
 * <p>Immutable, comparable and thread-safe; each inspection gives a new value.
 */
public final class WatchRecord {

    /** The record before the first inspection. */
    public static final WatchRecord NONE = new WatchRecord(WatchState.NOT_SAID, null, null, 0, 0, null);

    private final WatchState state;
    private final @Nullable Instant lastLooked;
    private final @Nullable Instant lastSeen;
    private final int vanished;
    private final int recopied;
    private final @Nullable Instant modifiedAt;

    private WatchRecord(
            WatchState state,
            @Nullable Instant lastLooked,
            @Nullable Instant lastSeen,
            int vanished,
            int recopied,
            @Nullable Instant modifiedAt) {
        this.state = state;
        this.lastLooked = lastLooked;
        this.lastSeen = lastSeen;
        this.vanished = vanished;
        this.recopied = recopied;
        this.modifiedAt = modifiedAt;
    }

    /**
     * Returns a record as it was stored; called by stores.
     *
     * @param state what is known
     * @param lastLooked the time of the last inspection
     * @param lastSeen the last time it was seen; empty if never
     * @param vanished how often it was found missing, zero or more
     * @param recopied how often it was copied again, zero or more
     * @param modifiedAt when the file was modified last, by the destination's clock; empty if that is not known
     * @return the record
     */
    public static WatchRecord of(
            WatchState state,
            Optional<Instant> lastLooked,
            Optional<Instant> lastSeen,
            int vanished,
            int recopied,
            Optional<Instant> modifiedAt) {
        return new WatchRecord(
                requireNonNull(state, "state"),
                lastLooked.orElse(null),
                lastSeen.orElse(null),
                vanished,
                recopied,
                modifiedAt.orElse(null));
    }

    /**
     * Returns the record after an inspection without an answer.
     *
     * @param now the time of the inspection
     * @return the next record
     */
    public WatchRecord toLooked(Instant now) {
        return new WatchRecord(state, requireNonNull(now, "now"), lastSeen, vanished, recopied, modifiedAt);
    }

    /**
     * Returns the record after an inspection that found the file. Its first time of modification stays.
     *
     * @param now the time of the inspection
     * @param modified when the file was modified last, by the destination's clock; empty if that is not known
     * @return the next record
     */
    public WatchRecord toSeen(Instant now, Optional<Instant> modified) {
        return new WatchRecord(
                WatchState.SEEN,
                requireNonNull(now, "now"),
                now,
                vanished,
                recopied,
                modifiedAt().or(() -> modified).orElse(null));
    }

    /**
     * Returns the record after an inspection that found the file where the receiver moves files to.
     *
     * @param now the time of the inspection
     * @return the last record
     */
    public WatchRecord toTaken(Instant now) {
        return new WatchRecord(WatchState.TAKEN, requireNonNull(now, "now"), now, vanished, recopied, modifiedAt);
    }

    /**
     * Returns the record after an inspection that missed the file. It has vanished once more, unless it was missing
     * already.
     *
     * @param missing {@code MISSING}, {@code HELD} or {@code VANISHED}
     * @param now the time of the inspection
     * @return the next record
     */
    public WatchRecord toMissing(WatchState missing, Instant now) {
        boolean known = state == WatchState.MISSING || state == WatchState.HELD;
        return new WatchRecord(
                requireNonNull(missing, "missing"),
                requireNonNull(now, "now"),
                lastSeen,
                known ? vanished : vanished + 1,
                recopied,
                modifiedAt);
    }

    /**
     * Returns the record before the file is made visible again.
     *
     * @return the next record
     */
    public WatchRecord toRecopied() {
        return new WatchRecord(WatchState.RECOPIED, lastLooked, lastSeen, vanished, recopied + 1, null);
    }

    /**
     * Returns the record after an inspection that found something else.
     *
     * @param now the time of the inspection
     * @return the last record
     */
    public WatchRecord toConflict(Instant now) {
        return new WatchRecord(
                WatchState.CONFLICT, requireNonNull(now, "now"), lastSeen, vanished, recopied, modifiedAt);
    }

    /**
     * Returns the state.
     *
     * @return the state
     */
    public WatchState state() {
        return state;
    }

    /**
     * Returns when the last inspection was, by the engine's clock, answered or not.
     *
     * @return the time; empty before the first inspection
     */
    public Optional<Instant> lastLooked() {
        return Optional.ofNullable(lastLooked);
    }

    /**
     * Returns when the file was last there with its exact size, or taken, by the engine's clock.
     *
     * @return the time; empty if no inspection has found it
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

    /**
     * Returns when the file was modified last, as the first inspection that found it has said. A file of another time
     * is not the one that was delivered.
     *
     * @return the time, by the destination's clock; empty if no inspection has said it since the file was delivered
     */
    public Optional<Instant> modifiedAt() {
        return Optional.ofNullable(modifiedAt);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WatchRecord that
                && state == that.state
                && Objects.equals(lastLooked, that.lastLooked)
                && Objects.equals(lastSeen, that.lastSeen)
                && vanished == that.vanished
                && recopied == that.recopied
                && Objects.equals(modifiedAt, that.modifiedAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(state, lastLooked, lastSeen, vanished, recopied, modifiedAt);
    }

    @Override
    public String toString() {
        return state + ", vanished " + vanished + ", recopied " + recopied + ", looked " + lastLooked + ", seen "
                + lastSeen;
    }
}
