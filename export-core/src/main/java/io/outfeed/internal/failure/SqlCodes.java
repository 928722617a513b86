package io.outfeed.internal.failure;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a database says about a failure without a word of its message: the SQLState and the vendor's code. */
final class SqlCodes {

    /** A driver may put anything there. */
    private static final Pattern SQL_STATE = Pattern.compile("[A-Z0-9]{5}");

    private SqlCodes() {}

    /** Such as {@code SQLState 42P01, vendor code 0}; empty for an exception that has none. */
    static Optional<String> of(Throwable failure) {
        return failure instanceof SQLException database ? Optional.of(codes(database)) : Optional.empty();
    }

    private static String codes(SQLException e) {
        String state = e.getSQLState();
        boolean valid = state != null && SQL_STATE.matcher(state).matches();
        return (valid ? "SQLState " + state + ", " : "") + "vendor code " + e.getErrorCode();
    }
}
