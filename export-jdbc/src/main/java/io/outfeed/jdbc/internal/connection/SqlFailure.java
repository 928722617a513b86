package io.outfeed.jdbc.internal.connection;

import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exception of the engine of what a driver threw: with the code of its kind, by its SQLState, and without a
 * message that may quote a row.
 */
final class SqlFailure {

    /** Connection, transaction rollback, insufficient resources. */
    private static final Set<String> RETRYABLE_CLASSES = Set.of("08", "40", "53");

    /** Lock not available, timeouts of a driver, and H2's broken connection and closed database. */
    private static final Set<String> RETRYABLE_STATES = Set.of("55P03", "HYT00", "HYT01", "90067", "90098", "90121");

    /** Insufficient privilege: of the standard and PostgreSQL, and of H2. */
    private static final Set<String> ACCESS_STATES = Set.of("42501", "90096");

    /** MySQL and MariaDB give class 42 for what a user may not read: a database, a table, a column. */
    private static final Set<Integer> ACCESS_CODES_OF_MYSQL = Set.of(1044, 1142, 1143);

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

    /** What failed while connecting: a pool may give no SQLState, and only says that there is no connection. */
    static SourceException connecting(String failure, SQLException e) {
        FailureCode code = e.getSQLState() == null ? FailureCode.SOURCE_UNAVAILABLE : code(e);
        return SourceException.of(code, failure + ": " + e.getMessage() + state(e), e);
    }

    private static SourceException exception(String message, SQLException e, SQLException cause) {
        return SourceException.of(code(e), message, cause);
    }

    static FailureCode code(SQLException e) {
        if (retryable(e)) {
            return FailureCode.SOURCE_UNAVAILABLE;
        } else if (sqlClass(e).equals("28")
                || ACCESS_STATES.contains(String.valueOf(e.getSQLState()))
                || ACCESS_CODES_OF_MYSQL.contains(e.getErrorCode())
                        && sqlClass(e).equals("42")) {
            return FailureCode.SOURCE_ACCESS_DENIED;
        }
        return FailureCode.SOURCE_REFUSED;
    }

    private static boolean retryable(SQLException e) {
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
