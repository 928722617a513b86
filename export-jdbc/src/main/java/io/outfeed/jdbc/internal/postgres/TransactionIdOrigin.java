package io.outfeed.jdbc.internal.postgres;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.sql.SQLException;
import java.util.List;

/**
 * Where transaction ids are from: a database system with its timeline, and the tables that a query reads. With another
 * origin the order of ids says nothing of what was exported.
 */
public final class TransactionIdOrigin {

    /** Tables and indexes of the database itself have lower identifiers. */
    private static final int FIRST_OID_OF_USERS = 16_384;

    /**
     * The tables with ids are those that the transaction has locked, by its query: behind views and in joins too, and
     * none of them can be dropped before it ends. Partitions come and go, and count as the table that they are of.
     */
    private static final String LOWEST = """
            WITH held AS (
                SELECT DISTINCT relation FROM pg_locks
                WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
                (SELECT string_agg(c.oid::text, '+' ORDER BY c.oid) FROM held h JOIN pg_class c ON c.oid = h.relation
                    WHERE c.relkind IN ('r', 'p')
                        AND EXISTS (SELECT FROM pg_attribute a
                            WHERE a.attrelid = c.oid AND a.atttypid = 'xid8'::regtype AND NOT a.attisdropped)
                        AND NOT EXISTS (SELECT FROM pg_inherits i JOIN held p ON p.relation = i.inhparent
                            WHERE i.inhrelid = c.oid)),
                (SELECT count(*) FROM held h WHERE h.relation >= %d
                    AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = h.relation))
            """.formatted(FIRST_OID_OF_USERS);

    private TransactionIdOrigin() {}

    /**
     * The id before which each transaction has ended, in the snapshot of a connection that has asked for the columns of
     * its query.
     */
    public static TransactionId lowest(SourceConnection connection) throws SQLException {
        String database = database(connection);
        return connection.query(LOWEST, rows -> {
            rows.next();
            if (rows.getLong(3) > 0) {
                // The snapshot is older than the table, and would read it as empty.
                throw SourceException.retryable(
                        "a table or an index that the query reads was made while this run began: the next attempt"
                                + " reads it",
                        null);
            }
            return new TransactionId(rows.getString(1), database, TransactionId.tables(rows.getString(2)));
        });
    }

    /** Fails unless the ids of a window are of the database of the connection, and of the same tables. */
    public static void check(SourceConnection connection, Window window) {
        checkDatabase(connection, window);
        checkTables(connection, window);
    }

    private static void checkDatabase(SourceConnection connection, Window window) {
        String database = connection.run("can't tell which database this is", () -> database(connection));
        for (Position position : List.of(window.from(), window.until())) {
            String made = TransactionId.of(position).database();
            if (!made.isEmpty() && !made.equals(database)) {
                throw SourceException.permanent(
                        "position " + position + " was made by database system " + made + ", and this is " + database
                                + " (system/timeline): it was restored, or another server has taken over, and may give"
                                + " the same transaction ids again. " + whatToDo(window, "transaction"),
                        null);
            }
        }
    }

    /** A query that reads one table more or less goes on: only one that took the place of another is refused. */
    private static void checkTables(SourceConnection connection, Window window) {
        List<String> before = TransactionId.of(window.from()).tables();
        List<String> now = TransactionId.of(window.until()).tables();
        if (before.isEmpty() || now.containsAll(before) || before.containsAll(now)) {
            return;
        }
        String names = connection.run("can't tell the names of the tables", () -> names(connection, now));
        throw SourceException.permanent(
                "position " + window.from() + " is of other tables than those that the query reads now, " + names
                        + ": one was dropped and restored, or replaced, and its records may have transaction ids of"
                        + " before that position, which no window includes. " + whatToDo(window, "record"),
                null);
    }

    private static String whatToDo(Window window, String lost) {
        return "Find out from where on records have to be exported, and call resetPosition with it, such as "
                + TransactionId.KIND + ":" + TransactionId.of(window.from()).xid() + " if no " + lost
                + " was lost, or the watermark's beginning, " + TransactionId.KIND + ":0, which exports all records";
    }

    private static String names(SourceConnection connection, List<String> tables) throws SQLException {
        return connection.query(
                "SELECT string_agg(t::regclass || ' (' || t || ')', ', ' ORDER BY t) FROM unnest(ARRAY["
                        + String.join(", ", tables) + "]::oid[]) t",
                rows -> {
                    rows.next();
                    return rows.getString(1);
                });
    }

    /** The database system and its timeline, which change with a restore and a failover. */
    private static String database(SourceConnection connection) throws SQLException {
        // The control file learns of a new timeline at a checkpoint; a primary's log has it at once.
        return connection.query("""
                SELECT s.system_identifier || '/' || CASE WHEN pg_is_in_recovery() THEN c.timeline_id
                    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END
                FROM pg_control_system() s, pg_control_checkpoint() c
                """, rows -> {
            rows.next();
            return rows.getString(1);
        });
    }
}
