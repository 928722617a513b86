package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.SourceException;
import io.outfeed.field.RejectedValueException;
import io.outfeed.jdbc.internal.column.ColumnMismatchException;
import io.outfeed.jdbc.internal.column.ColumnReader;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.connection.SourceDialect;
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
 * <p>The window ends a settle time before the clock of the server, which is asked before the snapshot is taken from
 * which records are read. On a standby of PostgreSQL it ends before the last transaction that has arrived there. Bounds
 * are text that the database casts, rounded up to its precision where that is coarser, so that the rounding of drivers
 * has no effect.
 *
 * <p>A record is lost in silence if it becomes visible later than the settle time after its own timestamp: choose it
 * longer than the longest transaction, plus the difference between the clocks that stamp records. {@code lookback} of
 * the definition finds such records; {@link PostgresWatermark} needs no guess.
 *
 * <p>For a {@link JdbcRecordSource} only. A column without a zone is rejected unless the source knows its offset.
 * Immutable and thread-safe.
 *
 * @param <T> the record type
 */
public final class JdbcWatermark<T> implements Watermark<T> {

    /** The earliest time that every database takes as a bound. */
    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    /** Tells how far the transactions of the database had come before the snapshot that a session reads. */
    @FunctionalInterface
    interface DatabaseClock {
        Instant beforeSnapshot(JdbcSession<?> session);
    }

    /** The options: not changed once a watermark has its copy. */
    private static final class Options<T> {

        private final String column;
        private final Function<? super T, ? extends @Nullable Instant> changed;
        private final DatabaseClock clock;
        private Duration settleTime;
        private @Nullable ZoneId closedDays;
        private MissingWatermark missing = MissingWatermark.REPORT;

        Options(
                String column,
                Function<? super T, ? extends @Nullable Instant> changed,
                DatabaseClock clock,
                Duration settleTime) {
            this.column = requireNonNull(column, "column");
            this.changed = requireNonNull(changed, "changed");
            this.clock = clock;
            this.settleTime = settleTime;
        }

        Options(Options<T> other) {
            this(other.column, other.changed, other.clock, other.settleTime);
            closedDays = other.closedDays;
            missing = other.missing;
        }
    }

    private static final Duration SETTLE_TIME = Duration.ofMinutes(2);

    private static final DatabaseClock SERVER_TIME = JdbcWatermark::serverTime;

    private final Options<T> options;

    private JdbcWatermark(Options<T> options) {
        this.options = options;
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
        return of(column, changed, SERVER_TIME, SETTLE_TIME);
    }

    /**
     * Makes a watermark with a settle time of two minutes, for rows.
     *
     * @param column the column of the query that has the time of the last change
     * @return the watermark
     */
    public static JdbcWatermark<Row> timestamp(String column) {
        return of(column, row -> row.instant(column), SERVER_TIME, SETTLE_TIME);
    }

    static <T> JdbcWatermark<T> of(
            String column,
            Function<? super T, ? extends @Nullable Instant> changed,
            DatabaseClock clock,
            Duration settleTime) {
        return new JdbcWatermark<>(new Options<>(column, changed, clock, settleTime));
    }

    /**
     * Sets how long before now the window ends.
     *
     * @param time zero or more
     * @return a copy with this settle time
     * @throws IllegalArgumentException if it is negative
     */
    public JdbcWatermark<T> settleTime(Duration time) {
        if (requireNonNull(time, "time").isNegative()) {
            throw new IllegalArgumentException("settleTime must be zero or more, not " + time);
        }
        Options<T> copy = new Options<>(options);
        copy.settleTime = time;
        return new JdbcWatermark<>(copy);
    }

    /**
     * Lets the window end only with a day that is over: at the midnight before the settle time began.
     *
     * @param zone where the days are
     * @return a copy with whole days
     */
    public JdbcWatermark<T> closedDays(ZoneId zone) {
        Options<T> copy = new Options<>(options);
        copy.closedDays = requireNonNull(zone, "zone");
        return new JdbcWatermark<>(copy);
    }

    /**
     * Sets what happens to records without a usable time: null, infinite, before the year 1, a zero date. Default:
     * {@link MissingWatermark#REPORT}.
     *
     * <p>For {@link MissingWatermark#WITH_FIRST} a record class must have room for such a value, so that null is all
     * that it takes; {@link Row} takes each.
     *
     * @param policy what happens
     * @return a copy with this policy
     */
    public JdbcWatermark<T> missing(MissingWatermark policy) {
        Options<T> copy = new Options<>(options);
        copy.missing = requireNonNull(policy, "policy");
        return new JdbcWatermark<>(copy);
    }

    @Override
    public void prepare(SourceSession<T> session) {
        JdbcSession.of(session, this).missing().policy(options.missing, beginning());
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
        Instant until = options.clock.beforeSnapshot(jdbc).minus(options.settleTime);
        ZoneId zone = options.closedDays;
        if (zone != null) {
            until = until.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        }
        return Position.of(until);
    }

    private void checkColumn(JdbcSession<?> session) {
        if (session.columns().isEmpty()) {
            return; // known only when the query has run; then the engine compares each record with the window
        }
        Columns columns = session.columns().get();
        ColumnReader type;
        try {
            type = columns.type(columns.index(options.column));
        } catch (ColumnMismatchException e) {
            throw SourceException.permanent("the watermark's column is not there: " + e.getMessage(), null);
        }
        if (type.isLocalDateTime() && !session.hasOffset()) {
            throw SourceException.permanent(
                    "the watermark's column '" + options.column
                            + "' is a timestamp without time zone, which is no point in time:"
                            + " make it a timestamp with time zone, or say what its times are with"
                            + " offsetOfLocalTimes(ZoneOffset.UTC) of the source",
                    null);
        }
        if (type == ColumnReader.MYSQL_INSTANT && session.hasOffset()) {
            throw SourceException.permanent(
                    "the watermark's column '" + options.column
                            + "' is a TIMESTAMP, and the source has offsetOfLocalTimes, which is"
                            + " for a DATETIME: remove the one, or compare with the other",
                    null);
        }
        if (!type.isLocalDateTime() && !type.isPointInTime()) {
            throw SourceException.permanent(
                    "the watermark's column '" + options.column + "' is " + type.label() + ", not a point in time",
                    null);
        }
    }

    private static Instant serverTime(JdbcSession<?> session) {
        return session.connection()
                .begunAt()
                .orElseGet(() -> session.connection().beforeSnapshot(() -> askServerTime(session)));
    }

    private static Instant askServerTime(JdbcSession<?> session) throws SQLException {
        SourceDialect dialect = session.connection().dialect();
        return session.connection().query(dialect.clockQuery(), rows -> {
            rows.next();
            if (dialect == SourceDialect.OTHER) {
                return rows.getObject(1, OffsetDateTime.class).toInstant();
            }
            String text = rows.getString(1);
            if (text == null) {
                throw SourceException.retryable(
                        "this is a standby to which no transaction has come since it was started: nothing"
                                + " tells how far it"
                                + " has come",
                        null);
            }
            return Instant.parse(text);
        });
    }

    @Override
    public Optional<Position> positionOf(T record) {
        boolean mayLackTime = options.missing == MissingWatermark.WITH_FIRST;
        Instant at;
        try {
            at = options.changed.apply(record);
        } catch (RejectedValueException e) {
            if (mayLackTime) {
                return Optional.empty();
            }
            throw e;
        }
        if (at == null && !mayLackTime) {
            throw new IllegalStateException("the watermark's timestamp is null: give every record one");
        }
        return Optional.ofNullable(at).map(Position::of);
    }

    /** By the clock of the server; not known where it is a transaction that holds the window back. */
    @Override
    public Optional<Instant> settledAt(Position position) {
        if (options.clock != SERVER_TIME) {
            return Optional.empty();
        }
        Instant at = position.toInstant();
        ZoneId zone = options.closedDays;
        if (zone != null) {
            at = at.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
        }
        return Optional.of(at.plus(options.settleTime));
    }

    @Override
    public int compare(Position left, Position right) {
        return left.toInstant().compareTo(right.toInstant());
    }

    /** The column and the settle time. */
    @Override
    public String toString() {
        return "timestamp '" + options.column + "' of the database with a settle time of " + options.settleTime
                + (options.closedDays == null ? "" : ", whole days in " + options.closedDays);
    }
}
