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
 * <p>An SPI. A watermark belongs to a definition, is shared by all its jobs and is called by many threads at once: keep
 * no state in it. What its methods throw fails the run before anything is published.
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
     * Returns the position before every record: where a new job begins.
     *
     * @return the first position
     */
    Position beginning();

    /**
     * Says how far a window may reach that is planned now: no record that becomes visible later may lie before the
     * answer. Called once a run, after the session was opened and before anything is read.
     *
     * @param session the session that will be read, so that bound and data can share a snapshot
     * @param clock the engine's clock
     * @return the exclusive end of the window
     * @throws Exception if the source can't be asked
     */
    Position until(SourceSession<T> session, Clock clock) throws Exception;

    /**
     * Reads the position off a record, where it can be read off. The engine then checks that the record lies in the
     * window.
     *
     * @param record a record of the source
     * @return its position, or empty if records do not carry one
     * @throws Exception if the record has none although it must
     */
    Optional<Position> positionOf(T record) throws Exception;

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
     * <p>The window ends {@code settleTime} before the engine's clock. Rows are lost in silence if a record becomes
     * visible later than that after its own timestamp: choose it longer than the longest transaction, plus the
     * difference between the clocks of whoever stamps records and of this machine, plus the rounding of the column.
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
     * A watermark on the time at which a record was last written, whose windows hold whole days: what was written today
     * is left for tomorrow.
     *
     * <p>The window ends at the first instant of the day in which it was {@code settleTime} before the engine's clock:
     * a run that starts earlier than that after the day's beginning does not take the day before for closed. Days are
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
     * <p>Numbers become visible in another order than they were given: a transaction that took 41 may commit after the
     * one that took 42. The end of a window can therefore not be the highest number that is seen plus one: 41 would be
     * lost in silence. The bound must exclude every number that a transaction which is still open may hold. It is safe
     * if
     *
     * <ul>
     *   <li>there is one writer, or all writers hold a common lock from taking a number until the commit: the highest
     *       number plus one;
     *   <li>rows carry the time of their insert: the lowest number that is younger than a settle time, chosen as for
     *       {@link #timestamp};
     *   <li>the database tells which transactions are open, and the lowest number that one of them may hold.
     * </ul>
     *
     * @param id reads the number off a record; it must not give null
     * @param bound asked once a run, before anything is read
     * @param <T> the record type
     * @return the watermark
     */
    static <T> Watermark<T> sequence(Function<? super T, Long> id, SettledBound bound) {
        return new SequenceWatermark<>(id, bound);
    }

    /**
     * No watermark: every run exports every record, as dimension-like data wants it.
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
     * Says which numbers are settled: no record with a smaller one will become visible later.
     *
     * <p>Called by many threads at once.
     */
    @FunctionalInterface
    interface SettledBound {
        /**
         * Asks the source.
         *
         * @return the first number that is not settled yet: the exclusive end of the window
         * @throws Exception if the source can't be asked; the run fails before anything is published
         */
        long firstUnsettled() throws Exception;
    }
}
