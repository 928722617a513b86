package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.SourceException;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.watermark.Watermark;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A watermark on the time at which a record was last written, by the clock of the database.
 *
 * <p>The window ends a settle time before the clock of the server, which is asked before the snapshot is taken from which
 * records are read. On a standby of PostgreSQL it ends before the last transaction that has arrived there. Bounds are text
 * that the database casts, rounded up to its precision where that is coarser, so that no driver rounds them in its own way.
 *
 * <p>A record is lost in silence if it becomes visible later than the settle time after its own timestamp: choose it longer
 * than the longest transaction, plus the difference between the clocks of whoever stamps records. {@code lookback} of the
 * definition finds such records; {@link PostgresWatermark} needs no guess.
 *
 * <p>For a {@link JdbcRecordSource} only. A column without a zone is refused unless the source knows its offset. Immutable
 * and thread-safe.
 *
 * @param <T> the record type
 */
public final class JdbcWatermark<T> implements Watermark<T> {

    /** The earliest time that every database takes as a bound. */
    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    /** Says how far the transactions of the database have come. */
    @FunctionalInterface
    interface Now {
        Instant ask(JdbcSession<?> session) throws SQLException;
    }

    private final String column;
    private final Function<? super T, ? extends @Nullable Instant> changed;
    private final Now now;
    private final Duration settleTime;
    private final @Nullable ZoneId closedDays;

    private JdbcWatermark(
            String column,
            Function<? super T, ? extends @Nullable Instant> changed,
            Now now,
            Duration settleTime,
            @Nullable ZoneId closedDays) {
        this.column = requireNonNull(column, "column");
        this.changed = requireNonNull(changed, "changed");
        this.now = now;
        this.settleTime = requireNonNull(settleTime, "settleTime");
        this.closedDays = closedDays;
        if (settleTime.isNegative()) {
            throw new IllegalArgumentException("settleTime must be zero or more, not " + settleTime);
        }
    }

    /**
     * Makes a watermark with a settle time of two minutes.
     *
     * @param column the column of the query that has the time of the last change
     * @param changed reads the same time off a record, as precisely as the column has it
     * @param <T> the record type
     * @return the watermark
     */
    public static <T> JdbcWatermark<T> timestamp(String column, Function<? super T, Instant> changed) {
        return new JdbcWatermark<>(column, changed, JdbcWatermark::clock, Duration.ofMinutes(2), null);
    }

    /**
     * Makes a watermark with a settle time of two minutes, for rows.
     *
     * @param column the column of the query that has the time of the last change
     * @return the watermark
     */
    public static JdbcWatermark<Row> timestamp(String column) {
        return new JdbcWatermark<>(
                column, row -> row.instant(column), JdbcWatermark::clock, Duration.ofMinutes(2), null);
    }

    static <T> JdbcWatermark<T> of(
            String column, Function<? super T, ? extends @Nullable Instant> changed, Now now, Duration settleTime) {
        return new JdbcWatermark<>(column, changed, now, settleTime, null);
    }

    /**
     * Sets how long before now the window ends.
     *
     * @param time zero or more
     * @return a copy with this settle time
     * @throws IllegalArgumentException if it is negative
     */
    public JdbcWatermark<T> settleTime(Duration time) {
        return new JdbcWatermark<>(column, changed, now, time, closedDays);
    }

    /**
     * Lets the window end only with a day that is over: at the midnight before the settle time began.
     *
     * @param zone where the days are
     * @return a copy with whole days
     */
    public JdbcWatermark<T> closedDays(ZoneId zone) {
        return new JdbcWatermark<>(column, changed, now, settleTime, requireNonNull(zone, "zone"));
    }

    @Override
    public String kind() {
        return Position.TIMESTAMP;
    }

    @Override
    public Position beginning() {
        return Position.of(BEGINNING);
    }

    @Override
    public Position until(SourceSession<T> session, Clock clock) {
        JdbcSession<T> jdbc = JdbcSession.of(session, this);
        checkColumn(jdbc);
        Instant until = jdbc.beforeSnapshot(() -> now.ask(jdbc)).minus(settleTime);
        if (closedDays != null) {
            until = until.atZone(closedDays)
                    .toLocalDate()
                    .atStartOfDay(closedDays)
                    .toInstant();
        }
        return Position.of(until);
    }

    private void checkColumn(JdbcSession<?> session) {
        if (session.columns().isEmpty()) {
            return; // known only when the query has run; then the engine compares each record with the window
        }
        Columns columns = session.columns().get();
        ColumnKind kind;
        try {
            kind = columns.kind(columns.index(column));
        } catch (UnfitColumnException e) {
            throw SourceException.permanent("the watermark's column is not there: " + e.getMessage(), null);
        }
        if (kind == ColumnKind.DATE_TIME && !session.hasOffset()) {
            throw SourceException.permanent(
                    "the watermark's column '" + column
                            + "' is a timestamp without time zone, which is no point in time:"
                            + " make it a timestamp with time zone, or say what its times are with"
                            + " offsetOfLocalTimes(ZoneOffset.UTC) of the source",
                    null);
        }
        if (kind == ColumnKind.UTC_INSTANT && session.hasOffset()) {
            throw SourceException.permanent(
                    "the watermark's column '" + column
                            + "' is a TIMESTAMP, and the source has offsetOfLocalTimes, which is"
                            + " for a DATETIME: remove the one, or compare with the other",
                    null);
        }
        if (kind != ColumnKind.DATE_TIME && !kind.isPointInTime()) {
            throw SourceException.permanent(
                    "the watermark's column '" + column + "' is " + kind.label() + ", not a point in time", null);
        }
    }

    private static Instant clock(JdbcSession<?> session) throws SQLException {
        return session.query(session.dialect().clockQuery(), rows -> {
            rows.next();
            if (session.dialect() == Dialect.OTHER) {
                return rows.getObject(1, OffsetDateTime.class).toInstant();
            }
            String text = rows.getString(1);
            if (text == null) {
                throw SourceException.retryable(
                        "this is a standby to which no transaction has come since it was started: nothing tells how far it"
                                + " has come",
                        null);
            }
            return Instant.parse(text);
        });
    }

    @Override
    public Optional<Position> positionOf(T record) {
        Instant at = changed.apply(record);
        if (at == null) {
            throw new IllegalStateException("the watermark's timestamp is null: give every record one");
        }
        return Optional.of(Position.of(at));
    }

    @Override
    public int compare(Position left, Position right) {
        return left.toInstant().compareTo(right.toInstant());
    }

    /** The column and the settle time. */
    @Override
    public String toString() {
        return "timestamp '" + column + "' of the database with a settle time of " + settleTime
                + (closedDays == null ? "" : ", whole days in " + closedDays);
    }
}
