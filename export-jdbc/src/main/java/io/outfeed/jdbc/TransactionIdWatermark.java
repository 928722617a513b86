package io.outfeed.jdbc;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.jdbc.internal.postgres.OpenTransactions;
import io.outfeed.jdbc.internal.postgres.TransactionId;
import io.outfeed.jdbc.internal.postgres.TransactionIdDdl;
import io.outfeed.jdbc.internal.postgres.TransactionIdOrigin;
import io.outfeed.source.Position;
import io.outfeed.source.SourceSession;
import io.outfeed.watermark.Watermark;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See {@link PostgresWatermark#transactionId(String)}. */
record TransactionIdWatermark<T>(String column, Duration reportAfter) implements Watermark<T> {

    TransactionIdWatermark {
        requireNonNull(column, "column");
        if (reportAfter.isNegative()) {
            throw new IllegalArgumentException("reportAfter must be zero or more, not " + reportAfter);
        }
    }

    @Override
    public String kind() {
        return TransactionId.KIND;
    }

    @Override
    public Position beginning() {
        return TransactionId.ofXid("0").toPosition();
    }

    @Override
    public Position until(SourceSession<T> session, Clock clock) {
        JdbcSession<T> jdbc = JdbcSession.of(session, this);
        if (jdbc.connection().dialect() != SourceDialect.POSTGRESQL) {
            throw SourceException.permanent("transactionId is for PostgreSQL, not for this database", null);
        }
        checkRestored(jdbc);
        return jdbc.connection().inSnapshot(() -> until(jdbc));
    }

    /** Restored rows lie behind each bound, and would appear in windows when the database comes to their ids. */
    private void checkRestored(JdbcSession<T> session) {
        long ahead = session.missing().count(TransactionIdDdl::isAhead);
        if (ahead > 0) {
            String name = TransactionIdDdl.unquoted(column);
            String table = session.columns()
                    .filter(columns -> columns.has(name))
                    .map(columns -> columns.table(columns.index(name)))
                    .filter(found -> !found.isEmpty())
                    .map(TransactionIdDdl::quoted)
                    .orElse("the_table");
            throw SourceException.permanent(
                    ahead + (ahead == 1 ? " record has" : " records have")
                            + " a transaction id that this database has not given yet: they were restored from another"
                            + " one, and no window includes them before their ids come. Let them have new ids, and call"
                            + " resetPosition if they are to be sent from an earlier position: "
                            + TransactionIdDdl.restoredIds(table, column),
                    null);
        }
    }

    private Position until(JdbcSession<T> session) throws SQLException {
        SourceConnection connection = session.connection();
        TransactionId lowest = TransactionIdOrigin.lowest(connection);
        OpenTransactions.find(connection, lowest, reportAfter).ifPresent(session::windowHeldBackBy);
        return lowest.toPosition();
    }

    /** Rows carry it; of another type the engine does not check it. */
    @Override
    public Optional<Position> positionOf(T record) {
        if (!(record instanceof Row row) || !row.has(TransactionIdDdl.unquoted(column))) {
            return Optional.empty();
        }
        @Nullable String xid = row.string(TransactionIdDdl.unquoted(column));
        if (xid == null) {
            throw new IllegalStateException("the watermark's transaction id is null: give every record one");
        }
        return Optional.of(TransactionId.ofXid(xid).toPosition());
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
