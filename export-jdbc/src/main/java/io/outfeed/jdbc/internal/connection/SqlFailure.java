package io.outfeed.jdbc.internal.connection;

import io.outfeed.error.SourceException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exception of the engine of what a driver threw: retryable or not, and without a message that may quote a
 * row.
 */
final class SqlFailure {

    /** Connection, transaction rollback, insufficient resources. */
    private static final Set<String> RETRYABLE_CLASSES = Set.of("08", "40", "53");

    /** Lock not available, timeouts of a driver, and H2's broken connection and closed database. */
    private static final Set<String> RETRYABLE_STATES = Set.of("55P03", "HYT00", "HYT01", "90067", "90098", "90121");

    /** A wrong login, catalog, schema or statement: such a message says what to fix, and can't quote a row. */
    private static final Set<String> SAFE_CLASSES = Set.of("08", "28", "3D", "3F", "42", "53");

    private SqlFailure() {}

    /** What failed before the query ran: its message can't quote a row. */
    static SourceException beforeRows(String failure, SQLException e) {
        return exception(failure + ": " + e.getMessage() + state(e), e, e);
    }

    /** What failed once the query ran: its message is left out, unless its class can't quote a row. */
    static SourceException whileReading(String failure, SQLException e) {
        if (SAFE_CLASSES.contains(sqlClass(e)) || serverEnded(e)) {
            return beforeRows(failure, e);
        }
        return exception(failure + state(e), e, redacted(e));
    }

    private static SourceException exception(String message, SQLException e, SQLException cause) {
        return retryable(e) ? SourceException.retryable(message, cause) : SourceException.permanent(message, cause);
    }

    static boolean retryable(SQLException e) {
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || RETRYABLE_CLASSES.contains(sqlClass(e))
                || RETRYABLE_STATES.contains(String.valueOf(e.getSQLState()))
                || serverEnded(e);
    }

    /** The server was shut down, or ended the session. */
    private static boolean serverEnded(SQLException e) {
        return String.valueOf(e.getSQLState()).startsWith("57P0");
    }

    private static String sqlClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private static String state(SQLException e) {
        @Nullable String state = e.getSQLState();
        return state == null ? "" : " (SQLState " + state + ")";
    }

    private static SQLException redacted(SQLException e) {
        SQLException redacted = new SQLException(
                e.getClass().getName() + " (its message is left out, since it may quote a record)",
                e.getSQLState(),
                e.getErrorCode());
        redacted.setStackTrace(e.getStackTrace());
        return redacted;
    }
}
