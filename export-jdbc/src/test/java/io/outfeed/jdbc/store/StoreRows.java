package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.TableNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The rows of a store's tables as text, the same for all databases: a line for each, such as {@code counter|name=s:run
 * |last_value=n:7}, whose values are texts, numbers or bytes in hexadecimal digits.
 */
final class StoreRows {

    private static final TableNames NAMES = new TableNames("", "outfeed_");
    private static final String NEXT = "|";

    private StoreRows() {}

    /** Reads all rows of some tables, in the order of their first columns. */
    static List<String> read(DataSource database, List<String> tables) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : tables) {
                try (ResultSet rows = statement.executeQuery(NAMES.in("select * from #" + table + " order by 1, 2"))) {
                    while (rows.next()) {
                        lines.add(line(table, rows));
                    }
                }
            }
        }
        return lines;
    }

    private static String line(String table, ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        StringBuilder line = new StringBuilder(table);
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String value = value(rows.getObject(i), rows, i);
            if (!value.isEmpty()) {
                line.append(NEXT)
                        .append(columns.getColumnLabel(i).toLowerCase(Locale.ROOT))
                        .append('=')
                        .append(value);
            }
        }
        return line.toString();
    }

    /** An empty text for null. */
    private static String value(Object value, ResultSet rows, int column) throws SQLException {
        if (value == null) {
            return "";
        } else if (value instanceof Number number) {
            return "n:" + number;
        } else if (value instanceof byte[] bytes) {
            return "b:" + HexFormat.of().formatHex(bytes);
        }
        return "s:" + escaped(rows.getString(column));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("|", "\\p");
    }

    private static String plain(String escaped) {
        StringBuilder text = new StringBuilder();
        boolean begun = false;
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (begun) {
                text.append(c == 'n' ? '\n' : c == 'p' ? '|' : c);
            } else if (c != '\\') {
                text.append(c);
            }
            begun = !begun && c == '\\';
        }
        return text.toString();
    }

    /** Writes rows into tables that are empty, apart from those that are replaced. */
    static void write(DataSource database, List<String> lines) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (String table : lines.stream().map(StoreRows::table).distinct().toList()) {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate(NAMES.in("delete from #" + table));
                }
            }
            for (String line : lines) {
                write(connection, line);
            }
        }
    }

    private static String table(String line) {
        return line.substring(0, line.indexOf(NEXT));
    }

    private static void write(Connection connection, String line) throws SQLException {
        List<String> cells = Stream.of(line.split("\\|", -1)).skip(1).toList();
        String names =
                cells.stream().map(cell -> cell.substring(0, cell.indexOf('='))).collect(Collectors.joining(", "));
        String marks = cells.stream().map(cell -> "?").collect(Collectors.joining(", "));
        try (PreparedStatement insert = connection.prepareStatement(
                NAMES.in("insert into #" + table(line) + " (" + names + ") values (" + marks + ")"))) {
            for (int i = 0; i < cells.size(); i++) {
                String cell = cells.get(i);
                String value = cell.substring(cell.indexOf('=') + 3);
                switch (cell.charAt(cell.indexOf('=') + 1)) {
                    case 'n' -> insert.setLong(i + 1, Long.parseLong(value));
                    case 'b' -> insert.setBytes(i + 1, HexFormat.of().parseHex(value));
                    default -> insert.setString(i + 1, plain(value));
                }
            }
            int unused = insert.executeUpdate();
        }
    }
}
