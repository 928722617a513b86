package io.outfeed.jdbc.internal.postgres;

import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Queries for the transactions that are open in PostgreSQL. */
public final class OpenTransactions {

    /** When the oldest transaction began, and which it is. */
    public record Oldest(Instant began, OpenTransaction transaction) {}

    private OpenTransactions() {}

    /** The transaction of an id, unless it has just ended. Locks are seen by every role; ages are not. */
    public static Optional<OpenTransaction> find(SourceConnection connection, TransactionId id, Duration reportAfter)
            throws SQLException {
        long shortXid = id.number() & 0xFFFF_FFFFL;
        return connection.query("""
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
                """.formatted(id.xid(), shortXid), rows -> {
            if (!rows.next()) {
                return Optional.empty();
            }
            String description = rows.getString(1);
            long seconds = rows.getLong(2);
            return Optional.of(
                    new OpenTransaction(description, rows.wasNull() ? null : Duration.ofSeconds(seconds), reportAfter));
        });
    }

    /** The oldest transaction of the database that the role can see; fails where some may be hidden. */
    public static Oldest oldest(SourceConnection connection, Duration reportAfter) throws SQLException {
        // The time of the statement, not that at which it reads the view: a transaction may begin in between.
        return connection.query("""
                SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), pg_is_in_recovery(),
                    (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()),
                    to_char(least(statement_timestamp(), min(xact_start)) AT TIME ZONE 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                    extract(epoch FROM statement_timestamp() - min(xact_start))::bigint,
                    (array_agg(pid ORDER BY xact_start))[1],
                    (SELECT string_agg(DISTINCT usename, ', ') FROM pg_stat_activity
                        WHERE datname = current_database() AND state = 'disabled')
                FROM pg_stat_activity
                WHERE datname = current_database() AND xact_start IS NOT NULL
                    AND backend_type NOT IN ('autovacuum worker', 'walsender')
                """, rows -> {
            rows.next();
            if (!rows.getBoolean(1)) {
                throw SourceException.of(
                        FailureCode.SOURCE_ACCESS_DENIED,
                        "the role of the export does not see the transactions of others: GRANT pg_read_all_stats to it",
                        null);
            }
            if (rows.getBoolean(2)) {
                throw SourceException.permanent(
                        "this is a standby, where the open transactions of its primary are not seen: use"
                                + " transactionId, or"
                                + " JdbcWatermark.timestamp",
                        null);
            }
            if (rows.getLong(3) > 0) {
                throw SourceException.retryable(
                        "there are " + rows.getLong(3)
                                + " prepared transactions in this database, and nothing tells when they"
                                + " began: commit or"
                                + " roll them back, they are in pg_prepared_xacts",
                        null);
            }
            String hidden = rows.getString(7);
            if (hidden != null) {
                throw SourceException.of(
                        FailureCode.SOURCE_ACCESS_DENIED,
                        "transactions of the roles [" + hidden
                                + "] are not seen, since track_activities is off for them, and records that they"
                                + " write would be lost: run ALTER ROLE ... SET track_activities = on, and let them"
                                + " connect anew",
                        null);
            }
            Duration age = Duration.ofSeconds(rows.getLong(5));
            return new Oldest(
                    Instant.parse(rows.getString(4)),
                    new OpenTransaction("a transaction of process " + rows.getInt(6), age, reportAfter));
        });
    }
}
