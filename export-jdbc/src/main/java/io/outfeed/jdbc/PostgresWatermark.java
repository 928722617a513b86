package io.outfeed.jdbc;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.jdbc.internal.postgres.OpenTransactions;
import io.outfeed.jdbc.internal.postgres.TransactionIdDdl;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Watermarks that end before the oldest open transaction of PostgreSQL, and so lose nothing however long one takes. For
 * a {@link JdbcRecordSource} only.
 */
public final class PostgresWatermark {

    private static final Duration REPORT_AFTER = Duration.ofMinutes(10);

    private PostgresWatermark() {}

    /**
     * Makes a watermark on the id of the transaction that wrote a record: exact, and independent of clocks. It needs
     * PostgreSQL 13, and a column that {@link #transactionIdDdl} makes.
     *
     * <p>The window ends before the oldest transaction that is open, in the very snapshot from which records are read:
     * each transaction before it has ended, and what it committed is seen. Windows follow one another without gap, so
     * each committed version is read in its window or was replaced by a later one that is. A transaction that stays
     * open, a prepared one too, and one of another database of the server, holds the window back: after 10 minutes the
     * note of the run names it and its age. Ages need the role {@code pg_read_all_stats}.
     *
     * <p>A position keeps the identity of the database system and its timeline. After a restore or a failover the ids
     * may be given again, so that the export stops until {@code resetPosition} is called. It stops likewise once the
     * query reads another table in the place of one, as after a restore of one table, since records of the past may
     * have come with it: tables count that have a column of type {@code xid8}, also behind views. Partitions, and what
     * functions read, are not compared. Records that were restored
     * from another database may have ids that this one has not given yet: a run and the check fail while there are
     * any, and print the statement of {@link #restoredIdsSql}. They are found where the query has {@code column >=
     * :from AND column < :until} once, in a WHERE without OR. A standby works too; it notices the new timeline of its
     * primary with its next restart point.
     *
     * @param column the column of type {@code xid8}
     * @param <T> the record type
     * @return the watermark
     */
    public static <T> Watermark<T> transactionId(String column) {
        return transactionId(column, REPORT_AFTER);
    }

    /**
     * Makes a watermark as {@link #transactionId(String)} does.
     *
     * @param column the column of type {@code xid8}
     * @param reportAfter how long a transaction may be open before the note of the run names it; zero or more
     * @param <T> the record type
     * @return the watermark
     * @throws IllegalArgumentException if the time is negative
     */
    public static <T> Watermark<T> transactionId(String column, Duration reportAfter) {
        return new TransactionIdWatermark<>(TransactionIdDdl.checkedColumn(column), reportAfter);
    }

    /**
     * Makes a watermark on a time that the database stamps with {@code now()} or {@code clock_timestamp()}: the window
     * ends ten seconds before the oldest open transaction of this database began.
     *
     * <p>Use {@link JdbcWatermark#settleTime} for another margin. It must be longer than a transaction takes from
     * getting its time until the server's statistics show it, and, where others than the database stamp records, than
     * the difference of the clocks. The role of the export needs {@code pg_read_all_stats}, or sees only its own
     * transactions: without it the run fails, as it does on a standby, while there is a prepared transaction, whose
     * beginning is not known, and while a role is connected whose {@code track_activities} is off.
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
     * Returns the DDL that prepares a table for {@link #transactionId}: the column, a trigger that sets it with every
     * insert and update, also those that replication applies, and an index.
     *
     * <p>Adding the column rewrites the table, and locks it meanwhile; all its rows then belong to the next window.
     *
     * @param table the table's name, with its schema or without; names with capital letters or special characters in
     *     quotes, as in SQL, such as {@code "MyApp"."Items"}
     * @param key the column of its primary key, written likewise
     * @param column the column to add, written likewise
     * @return statements for a migration
     * @throws IllegalArgumentException if a name is neither plain nor quoted
     */
    public static String transactionIdDdl(String table, String key, String column) {
        return TransactionIdDdl.of(table, key, column);
    }

    /**
     * Returns the statement that gives the rows of a restored table new transaction ids, where theirs are of another
     * database and are not given in this one yet. Run it before the export is resumed: the rows belong to the next
     * window.
     *
     * @param table the table's name, as for {@link #transactionIdDdl}
     * @param column the column that it made
     * @return an UPDATE
     * @throws IllegalArgumentException if a name is neither plain nor quoted
     */
    public static String restoredIdsSql(String table, String column) {
        return TransactionIdDdl.restoredIds(table, column);
    }

    private static Instant oldestTransaction(JdbcSession<?> session) {
        SourceConnection connection = session.connection();
        if (connection.dialect() != SourceDialect.POSTGRESQL) {
            throw SourceException.permanent("oldestTransaction is for PostgreSQL", null);
        }
        OpenTransactions.Oldest oldest =
                connection.beforeSnapshot(() -> OpenTransactions.oldest(connection, REPORT_AFTER));
        session.windowHeldBackBy(oldest.transaction());
        return oldest.began();
    }
}
