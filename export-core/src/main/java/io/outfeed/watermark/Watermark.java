package io.outfeed.watermark;

import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the records of a definition are ordered, and how far a window may reach.
 *
 * <p>An SPI. A watermark belongs to a definition, is shared by all its jobs and is called by many threads at once: it
 * must be stateless. An exception fails the run before anything is published.
 *
 * @param <T> the record type
 */
public interface Watermark<T> {

    /**
     * Returns the kind of the positions that this watermark makes. A job whose stored position has another kind does
     * not run until a person has reset it.
     *
     * @return a short word that never changes, such as {@code timestamp}
     */
    String kind();

    /**
     * Returns the position before every record, where a new job starts.
     *
     * @return the first position
     */
    Position beginning();

    /**
     * Prepares a session that was opened: a watermark that belongs to a source may tell it what it is. Called once,
     * before {@link #until} and before anything is read. Does nothing by default.
     *
     * @param session the session
     * @throws Exception if the watermark can't be used with it
     */
    default void prepare(SourceSession<T> session) throws Exception {}

    /**
     * Returns the end of a window that is planned now: no record that becomes visible later may lie before it. Called
     * once for each run, after the session was opened and before anything is read.
     *
     * @param session the session that will be read, so that the end of the window and the data can share a snapshot
     * @param clock the engine's clock
     * @return the exclusive end of the window
     * @throws Exception if the source can't be asked
     */
    Position until(SourceSession<T> session, Clock clock) throws Exception;

    /**
     * Tells whether the window of a run for fire times ends as if it were planned at the latest of them: a run that
     * begins late, or is planned anew after an outage, then has the same window as one in time. If such a window would
     * end before it begins, since a later run has committed, it ends as planned now.
     *
     * @return whether {@link #until} gets a clock that stands at the latest fire time; false by default, which includes
     *     all that was written until the run began
     */
    default boolean followsFireTime() {
        return false;
    }

    /**
     * Returns the position of a record. The engine then checks that the record lies in the window.
     *
     * @param record a record of the source
     * @return its position; empty if records have none
     * @throws Exception if the record has none although it must
     */
    Optional<Position> positionOf(T record) throws Exception;

    /**
     * Returns from when on windows include a record, for people.
     *
     * @param position the position of a record, of this watermark's kind
     * @return the time; empty, the default, if it does not follow from the position
     */
    default Optional<Instant> settledAt(Position position) {
        return Optional.empty();
    }

    /**
     * Returns the time of the engine's clock that a position stands for. A position more than 30 seconds ahead of that
     * clock, as it is now or as its steps back tell that it was, was made while the clock was wrong: the job is paused,
     * since the records that are written until the clock has caught up would be left out.
     *
     * @param position a position of this watermark's kind
     * @return the time; empty, the default, if positions do not come from the engine's clock
     */
    default Optional<Instant> clockTime(Position position) {
        return Optional.empty();
    }

    /**
     * Orders two positions of this watermark's kind.
     *
     * @param left a position
     * @param right a position
     * @return negative, zero or positive, as {@link java.util.Comparator#compare}
     */
    int compare(Position left, Position right);

    /**
     * A watermark on the time at which a record was last written.
     *
     * <p>The window ends {@code settleTime} before the engine's clock. A record that becomes visible later than that
     * after its own timestamp is never exported: choose it longer than the longest transaction, plus the difference
     * between the clock that sets the timestamps and that of this machine, plus the rounding of the column.
     *
     * @param updatedAt reads the time off a record; it must not give null
     * @param settleTime zero or more; two minutes is usual
     * @param <T> the record type
     * @return the watermark
     * @throws IllegalArgumentException if the settle time is negative
     */
    static <T> Watermark<T> timestamp(Function<? super T, Instant> updatedAt, Duration settleTime) {
        return new TimestampWatermark<>(updatedAt, settleTime);
    }

    /**
     * A watermark on the time at which a record was last written, whose windows are whole days: records of today are
     * exported tomorrow.
     *
     * <p>The window ends at the first instant of the day in which it was {@code settleTime} before the latest fire time
     * of the run, or before the engine's clock in a run on request: a run that fires earlier than that after the
     * beginning of a day does not include the previous day. A run that is late has the days of its fire time. Days are
     * those of the zone, whatever their length. Positions are those of {@link #timestamp}, so that one can be replaced
     * by the other.
     *
     * @param updatedAt reads the time off a record; it must not give null
     * @param zone in which days begin and end
     * @param settleTime how long after the end of a day its last records become visible, zero or more; chosen as for
     *     {@link #timestamp}
     * @param <T> the record type
     * @return the watermark
     * @throws IllegalArgumentException if the settle time is negative
     */
    static <T> Watermark<T> closedDays(Function<? super T, Instant> updatedAt, ZoneId zone, Duration settleTime) {
        return new ClosedDaysWatermark<>(updatedAt, zone, settleTime);
    }

    /**
     * A watermark on an increasing number, such as the id of an insert-only table or a version that every write raises.
     *
     * <p>Numbers become visible in another order than they were assigned: a transaction that took 41 may commit after
     * the one that took 42. So the end of a window can't be the highest visible number plus one: 41 would never be
     * exported. The bound must exclude every number that an open transaction may hold. Safe bounds are
     *
     * <ul>
     *   <li>with one writer, or with a common lock of all writers from taking a number until the commit: the highest
     *       number plus one;
     *   <li>if rows have the time of their insert: the lowest number that is younger than a settle time, chosen as for
     *       {@link #timestamp};
     *   <li>if the database tells which transactions are open: the lowest number that one of them may hold.
     * </ul>
     *
     * @param id reads the number off a record; it must not give null
     * @param bound called once for each run, before anything is read
     * @param <T> the record type
     * @return the watermark
     */
    static <T> Watermark<T> sequence(Function<? super T, Long> id, SettledBound bound) {
        return new SequenceWatermark<>(id, bound);
    }

    /**
     * No watermark: every run exports every record, such as for small reference data.
     *
     * <p>The position is only the time of the last export. Records are not checked against the window.
     *
     * @param <T> the record type
     * @return the watermark
     */
    static <T> Watermark<T> fullSnapshot() {
        return new SnapshotWatermark<>();
    }

    /**
     * Returns the bound of settled numbers: no record with a smaller number becomes visible later.
     *
     * <p>Called by many threads at once.
     */
    @FunctionalInterface
    interface SettledBound {
        /**
         * Reads the bound from the source.
         *
         * @return the first number that is not settled yet: the exclusive end of the window
         * @throws Exception if the source can't be asked; the run fails before anything is published
         */
        long firstUnsettled() throws Exception;
    }
}
