package io.outfeed.jdbc;

import io.outfeed.error.SourceException;
import io.outfeed.watermark.Watermark;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Watermarks that ask PostgreSQL which transactions are open, and so lose nothing however long one takes. For a
 * {@link JdbcRecordSource} only.
 */
public final class PostgresWatermark {

    private static final Duration TELL_AFTER = Duration.ofMinutes(10);

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}");

    private PostgresWatermark() {}

    /**
     * Makes a watermark on the id of the transaction that wrote a record: exact, and independent of clocks. It needs
     * PostgreSQL 13, and a column that {@link #transactionIdDdl} makes.
     *
     * <p>The window ends before the oldest transaction that is open, in the very snapshot from which records are read: each
     * transaction before it has ended, and what it committed is seen. Windows follow one another without gap, so each
     * committed version is read in its window or was replaced by a later one that is. A transaction that stays open, a
     * prepared one too, and one of another database of the server, holds the window back: after 10 minutes the note of the
     * run names it and its age. Ages need the role {@code pg_read_all_stats}.
     *
     * <p>A position keeps the identity of the database system and its timeline. After a restore or a failover the ids may be
     * given again, so that the export stops and says so, until somebody has called {@code resetPosition}. A standby works
     * too; it notices the new timeline of its primary with its next restart point.
     *
     * @param column the column of type {@code xid8}
     * @param <T> the record type
     * @return the watermark
     */
    public static <T> Watermark<T> transactionId(String column) {
        return transactionId(column, TELL_AFTER);
    }

    /**
     * Makes a watermark as {@link #transactionId(String)} does.
     *
     * @param column the column of type {@code xid8}
     * @param tellAfter how long a transaction may be open before the note of the run names it; zero or more
     * @param <T> the record type
     * @return the watermark
     * @throws IllegalArgumentException if the time is negative
     */
    public static <T> Watermark<T> transactionId(String column, Duration tellAfter) {
        return new TransactionWatermark<>(name(column), tellAfter);
    }

    /**
     * Makes a watermark on a time that the database stamps with {@code now()} or {@code clock_timestamp()}: the window ends
     * ten seconds before the oldest open transaction of this database began.
     *
     * <p>Use {@link JdbcWatermark#settleTime} for another margin. It must be longer than a transaction takes from getting its
     * time until the server's statistics show it, and, where others than the database stamp records, than the difference of
     * the clocks. The role of the export needs {@code pg_read_all_stats}, or sees only its own transactions: without it the
     * run fails, as it does on a standby and while there is a prepared transaction, whose beginning nothing tells.
     *
     * @param column the column of the query that has the time of the last change
     * @param changed reads the same time off a record, as precisely as the column has it
     * @param <T> the record type
     * @return the watermark
     */
    public static <T> JdbcWatermark<T> oldestTransaction(String column, Function<? super T, Instant> changed) {
        return JdbcWatermark.of(column, changed, PostgresWatermark::oldestTransaction, Duration.ofSeconds(10));
    }

    /**
     * Makes a watermark as {@link #oldestTransaction(String, Function)} does, for rows.
     *
     * @param column the column of the query that has the time of the last change
     * @return the watermark
     */
    public static JdbcWatermark<Row> oldestTransaction(String column) {
        return JdbcWatermark.of(
                column, row -> row.instant(column), PostgresWatermark::oldestTransaction, Duration.ofSeconds(10));
    }

    /**
     * Writes what makes a table ready for {@link #transactionId}: the column, a trigger that sets it with every insert and
     * update, also those that replication applies, and an index.
     *
     * <p>Adding the column rewrites the table, and locks it meanwhile; all its rows then belong to the next window.
     *
     * @param table the table's name, with its schema or without
     * @param key the column of its primary key
     * @param column the column to add
     * @return statements for a migration
     * @throws IllegalArgumentException if a name is no plain identifier
     */
    public static String transactionIdDdl(String table, String key, String column) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("'" + table + "' is no plain name of a table");
        }
        String plain = table.substring(table.indexOf('.') + 1);
        String schema = table.substring(0, table.length() - plain.length());
        String function = shortened(plain, "_set_" + name(column));
        return """
                -- Rewrites the table, and locks it meanwhile.
                ALTER TABLE %1$s ADD COLUMN %2$s xid8 NOT NULL DEFAULT pg_current_xact_id();

                CREATE FUNCTION %3$s%4$s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.%2$s := pg_current_xact_id();
                    RETURN NEW;
                END
                $$;

                CREATE TRIGGER %4$s BEFORE INSERT OR UPDATE ON %1$s
                    FOR EACH ROW EXECUTE FUNCTION %3$s%4$s();

                -- Also for what replication applies.
                ALTER TABLE %1$s ENABLE ALWAYS TRIGGER %4$s;

                CREATE INDEX %5$s ON %1$s (%2$s, %6$s);
                """.formatted(table, column, schema, function, shortened(plain, "_by_" + column), name(key));
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no plain name of a column");
        }
        return name;
    }

    /** PostgreSQL cuts names off behind 63 characters. */
    private static String shortened(String table, String suffix) {
        String end = suffix.substring(0, Math.min(suffix.length(), 40));
        return table.substring(0, Math.min(table.length(), 63 - end.length())) + end;
    }

    /** The database system and its timeline, which change with a restore and a failover. */
    static String database(JdbcSession<?> session) throws SQLException {
        // The control file learns of a new timeline at a checkpoint; a primary's log has it at once.
        return session.query("""
                SELECT s.system_identifier || '/' || CASE WHEN pg_is_in_recovery() THEN c.timeline_id
                    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END
                FROM pg_control_system() s, pg_control_checkpoint() c
                """, rows -> {
            rows.next();
            return rows.getString(1);
        });
    }

    private static Instant oldestTransaction(JdbcSession<?> session) throws SQLException {
        if (session.dialect() != Dialect.POSTGRESQL) {
            throw SourceException.permanent("oldestTransaction is for PostgreSQL", null);
        }
        // The time of the statement, and not that at which it has looked: a transaction may begin in between.
        return session.query("""
                SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), pg_is_in_recovery(),
                    (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()),
                    to_char(least(statement_timestamp(), min(xact_start)) AT TIME ZONE 'UTC',
                        'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                    extract(epoch FROM statement_timestamp() - min(xact_start))::bigint,
                    (array_agg(pid ORDER BY xact_start))[1]
                FROM pg_stat_activity
                WHERE datname = current_database() AND xact_start IS NOT NULL
                    AND backend_type NOT IN ('autovacuum worker', 'walsender')
                """, rows -> {
            rows.next();
            if (!rows.getBoolean(1)) {
                throw SourceException.permanent(
                        "the role of the export does not see the transactions of others: GRANT pg_read_all_stats to it",
                        null);
            }
            if (rows.getBoolean(2)) {
                throw SourceException.permanent(
                        "this is a standby, where the open transactions of its primary are not seen: use transactionId, or"
                                + " JdbcWatermark.timestamp",
                        null);
            }
            if (rows.getLong(3) > 0) {
                throw SourceException.retryable(
                        "there are " + rows.getLong(3)
                                + " prepared transactions in this database, and nothing tells when they began: commit or"
                                + " roll them back, they are in pg_prepared_xacts",
                        null);
            }
            Duration age = Duration.ofSeconds(rows.getLong(5));
            session.stall(new PostgresStall("a transaction of process " + rows.getInt(6), age, TELL_AFTER));
            return Instant.parse(rows.getString(4));
        });
    }
}
