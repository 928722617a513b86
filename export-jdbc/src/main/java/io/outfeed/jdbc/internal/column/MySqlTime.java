package io.outfeed.jdbc.internal.column;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Times of MySQL and MariaDB, which reach from -838:59:59 to 838:59:59. By the binary protocol, MySQL's own driver
 * takes the hours of a negative time from its days instead of adding them: {@code -25:30:00} becomes {@code -23:30:00}.
 */
final class MySqlTime {

    private static final int LENGTH = 8;
    private static final int LENGTH_WITH_MICROS = 12;
    private static final int HOURS_OF_DAY = 24;

    private MySqlTime() {}

    /** Whether columns are read by MySQL's own driver. A pool wraps results, and not what describes their columns. */
    static boolean isOfMySqlDriver(ResultSetMetaData columns) {
        return columns.getClass().getName().startsWith("com.mysql.");
    }

    /** Returns the text that the database prints. */
    static @Nullable String text(ResultSet rows, int at) throws SQLException {
        String text = rows.getString(at);
        byte[] raw = rows.getBytes(at);
        if (text == null || raw == null || raw.length == 0) { // by the binary protocol 00:00:00 has no bytes
            return text;
        }
        boolean binary = (raw.length == LENGTH || raw.length == LENGTH_WITH_MICROS) && raw[0] <= 1;
        return binary
                ? (raw[0] == 1 ? "-" : "") + hours(raw) + text.substring(text.indexOf(':'))
                : new String(raw, US_ASCII);
    }

    /** A sign, four bytes of days, the smallest first, and the hours of a day. */
    private static String hours(byte[] raw) {
        int days = (raw[1] & 0xFF) | (raw[2] & 0xFF) << 8 | (raw[3] & 0xFF) << 16 | (raw[4] & 0xFF) << 24;
        int hours = days * HOURS_OF_DAY + raw[5];
        return hours < 10 ? "0" + hours : Integer.toString(hours);
    }
}
