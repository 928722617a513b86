package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.SourceException;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.watermark.Watermark;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See {@link PostgresWatermark#transactionId(String)}. */
record TransactionWatermark<T>(String column, Duration tellAfter) implements Watermark<T> {

    TransactionWatermark {
        requireNonNull(column, "column");
        if (tellAfter.isNegative()) {
            throw new IllegalArgumentException("tellAfter must be zero or more, not " + tellAfter);
        }
    }

    @Override
    public String kind() {
        return TransactionId.KIND;
    }

    @Override
    public Position beginning() {
        return new TransactionId("0", "").toPosition();
    }

    @Override
    public Position until(SourceSession<T> session, Clock clock) {
        JdbcSession<T> jdbc = JdbcSession.of(session, this);
        if (jdbc.dialect() != Dialect.POSTGRESQL) {
            throw SourceException.permanent("transactionId is for PostgreSQL, not for this database", null);
        }
        return jdbc.inSnapshot(() -> until(jdbc));
    }

    private Position until(JdbcSession<T> session) throws SQLException {
        String xmin = session.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text", rows -> {
            rows.next();
            return rows.getString(1);
        });
        stall(session, xmin).ifPresent(session::stall);
        return new TransactionId(xmin, PostgresWatermark.database(session)).toPosition();
    }

    /** Who holds the window back, unless it has just ended. Locks are seen by every role; ages are not. */
    private Optional<PostgresStall> stall(JdbcSession<T> session, String xid) throws SQLException {
        long shortXid = new TransactionId(xid, "").number() & 0xFFFF_FFFFL;
        return session.query("""
                SELECT 'transaction %1$s of process ' || l.pid
                        || coalesce(' (application ''' || nullif(a.application_name, '') || ''')', ''),
                    extract(epoch FROM clock_timestamp() - a.xact_start)::bigint
                FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'transactionid' AND l.transactionid = '%2$s'::xid AND l.mode = 'ExclusiveLock'
                    AND l.granted AND l.pid IS NOT NULL
                UNION ALL
                SELECT 'prepared transaction %1$s, ''' || gid || '''',
                    extract(epoch FROM clock_timestamp() - prepared)::bigint
                FROM pg_prepared_xacts WHERE transaction = '%2$s'::xid
                """.formatted(xid, shortXid), rows -> {
            if (!rows.next()) {
                return Optional.empty();
            }
            String culprit = rows.getString(1);
            long seconds = rows.getLong(2);
            return Optional.of(
                    new PostgresStall(culprit, rows.wasNull() ? null : Duration.ofSeconds(seconds), tellAfter));
        });
    }

    /** Rows carry it; of another type the engine does not check it. */
    @Override
    public Optional<Position> positionOf(T record) {
        if (!(record instanceof Row row) || !row.has(column)) {
            return Optional.empty();
        }
        @Nullable String xid = row.string(column);
        if (xid == null) {
            throw new IllegalStateException("the watermark's transaction id is null: give every record one");
        }
        return Optional.of(new TransactionId(xid, "").toPosition());
    }

    @Override
    public int compare(Position left, Position right) {
        return Long.compareUnsigned(
                TransactionId.of(left).number(), TransactionId.of(right).number());
    }

    @Override
    public String toString() {
        return "transaction id '" + column + "'";
    }
}
