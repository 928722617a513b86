package io.outfeed.jdbc.internal.connection;

import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import io.outfeed.internal.failure.HostCalls;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exception of the engine of what a driver threw: with the code of its kind, by its SQLState, and without a
 * message that may quote a row.
 */
final class SqlFailure {

    /** Connection, transaction rollback, insufficient resources, an error of the server's system. */
    private static final Set<String> RETRYABLE_CLASSES = Set.of("08", "40", "53", "58");

    /**
     * Lock not available, a query cancelled or a session ended by a time limit of the server, timeouts of a driver,
     * Oracle's snapshot that is too old, and H2's broken connection and closed database.
     */
    private static final Set<String> RETRYABLE_STATES =
            Set.of("55P03", "57014", "25P03", "HYT00", "HYT01", "72000", "90067", "90098", "90121");

    /** SQLStates of MySQL and MariaDB for failures of many kinds. */
    private static final Set<String> GENERAL_STATES = Set.of("HY000", "70100");

    /** Time limits of MySQL and MariaDB: for a lock, for a statement. */
    private static final Set<Integer> TIME_LIMITS_OF_MYSQL = Set.of(1205, 1969, 3024);

    /** Insufficient privilege: of the standard and PostgreSQL, and of H2. */
    private static final Set<String> ACCESS_STATES = Set.of("42501", "90096");

    /** MySQL and MariaDB give class 42 for what a user may not read: a database, a table, a column. */
    private static final Set<Integer> ACCESS_CODES_OF_MYSQL = Set.of(1044, 1142, 1143);

    /** A wrong login, catalog, schema or statement: such a message says what to fix, and can't quote a row. */
    private static final Set<String> SAFE_CLASSES = Set.of("08", "28", "3D", "3F", "42", "53");

    /** Wrong data, a violated constraint, and what a function of the database raises: such a message quotes values. */
    private static final Set<String> QUOTING_CLASSES = Set.of("21", "22", "23", "44", "P0");

    /** A prepared statement of PostgreSQL that is there already, or no longer: it is that of another client. */
    private static final Set<String> POOLED_STATEMENT_STATES = Set.of("42P05", "26000");

    private static final int SYNTAX_ERROR_OF_MYSQL = 1064;

    private SqlFailure() {}

    /** What failed before the query ran: its message can't quote a row, but may quote a parameter. */
    static SourceException beforeRows(String failure, SQLException e) {
        return exception(code(e), failure, e, !QUOTING_CLASSES.contains(sqlClass(e)));
    }

    /** What failed once the query ran: its message is left out, unless its class can't quote a row. */
    static SourceException whileReading(String failure, SQLException e) {
        return exception(code(e), failure, e, SAFE_CLASSES.contains(sqlClass(e)) || serverEnded(e));
    }

    /** What failed while connecting: a pool may give no SQLState, and only says that there is no connection. */
    static SourceException connecting(String failure, SQLException e) {
        FailureCode code = e.getSQLState() == null ? FailureCode.SOURCE_UNAVAILABLE : code(e);
        return exception(code, failure, e, true);
    }

    private static SourceException exception(FailureCode code, String failure, SQLException e, boolean quotesNoValue) {
        boolean shown = quotesNoValue && !quotesStatement(e) && !quotesUrl(e);
        String message = failure + (shown ? ": " + e.getMessage() : "") + advice(e) + state(e);
        return SourceException.of(code, message, HostCalls.redact(e));
    }

    private static String advice(SQLException e) {
        return POOLED_STATEMENT_STATES.contains(String.valueOf(e.getSQLState()))
                ? ": behind a pooler that gives each transaction another connection, such as PgBouncer, the driver must"
                        + " not prepare statements: set prepareThreshold=0 in the address of the database"
                : "";
    }

    /** A syntax error of MySQL and MariaDB quotes the statement, into which their drivers write the parameters. */
    private static boolean quotesStatement(SQLException e) {
        return e.getErrorCode() == SYNTAX_ERROR_OF_MYSQL && sqlClass(e).equals("42");
    }

    /** The address of a database may have the password in it. */
    private static boolean quotesUrl(SQLException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("jdbc:") || message.contains("://");
    }

    static FailureCode code(SQLException e) {
        if (sqlClass(e).equals("28") || e instanceof SQLInvalidAuthorizationSpecException) {
            return FailureCode.SOURCE_ACCESS_DENIED; // also if a pool calls it transient: the login may get locked
        } else if (retryable(e)) {
            return FailureCode.SOURCE_UNAVAILABLE;
        } else if (ACCESS_STATES.contains(String.valueOf(e.getSQLState()))
                || (sqlClass(e).equals("42") && ACCESS_CODES_OF_MYSQL.contains(e.getErrorCode()))) {
            return FailureCode.SOURCE_ACCESS_DENIED;
        }
        return FailureCode.SOURCE_REFUSED;
    }

    private static boolean retryable(SQLException e) {
        return e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || RETRYABLE_CLASSES.contains(sqlClass(e))
                || RETRYABLE_STATES.contains(String.valueOf(e.getSQLState()))
                || (GENERAL_STATES.contains(String.valueOf(e.getSQLState()))
                        && TIME_LIMITS_OF_MYSQL.contains(e.getErrorCode()))
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
}
