package io.outfeed.jdbc.internal.connection;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * What a source does differently for each database: how it streams, takes snapshots, reads the clock and binds
 * timestamps.
 */
public enum SourceDialect {
    POSTGRESQL,
    /** MySQL and MariaDB. */
    MYSQL,
    H2,
    /** Any other: standard SQL and JDBC only. */
    OTHER;

    private static final String ISO_OF_POSTGRESQL = "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'";

    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    static SourceDialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        if (product.equals("postgresql")) {
            return POSTGRESQL;
        }
        if (product.contains("mysql") || product.contains("mariadb")) {
            return MYSQL;
        }
        return product.equals("h2") ? H2 : OTHER;
    }

    /**
     * The fetch size that makes the driver stream. MySQL's own driver knows only all rows at once, one at a time, and,
     * if its address asks for it, a cursor.
     */
    int fetchSize(Connection connection, int wanted) throws SQLException {
        if (this != MYSQL) {
            return wanted;
        }
        DatabaseMetaData metaData = connection.getMetaData();
        boolean ownDriver = metaData.getDriverName().startsWith("MySQL");
        return ownDriver && !String.valueOf(metaData.getURL()).contains("useCursorFetch=true")
                ? Integer.MIN_VALUE
                : wanted;
    }

    /**
     * Whether a statement that fails spoils the transaction. Drivers of MySQL refuse a savepoint where nothing is
     * written.
     */
    boolean needsSavepoints() {
        return this != MYSQL;
    }

    /** Whether the driver reads a result that is closed early to its end, unless its statement is cancelled. */
    public boolean drainsOnClose() {
        return this == MYSQL;
    }

    /** The placeholder of a bound that is a point in time. */
    public String timestampPlaceholder(boolean withZone) {
        return switch (this) {
            case POSTGRESQL -> withZone ? "CAST(? AS timestamptz)" : "CAST(? AS timestamp)";
            case MYSQL -> "CAST(? AS DATETIME(6))";
            case H2 -> withZone ? "CAST(? AS TIMESTAMP(9) WITH TIME ZONE)" : "CAST(? AS TIMESTAMP(9))";
            case OTHER -> "?";
        };
    }

    /**
     * The value of a bound that is a point in time.
     *
     * @param offset of the column's local times; in MySQL UTC, the zone of the session
     */
    public Object timestampValue(Instant instant, boolean withZone, ZoneOffset offset) {
        // A bound between two values of the column lies before the later one. Drivers and databases round to the nearer
        // one: rounded up, the bound divides the same rows, whichever end of a window it is.
        Instant exact = this == POSTGRESQL || this == MYSQL ? ceiling(instant) : instant;
        LocalDateTime local = LocalDateTime.ofInstant(exact, withZone ? ZoneOffset.UTC : offset);
        if (this == OTHER) {
            return withZone ? OffsetDateTime.of(local, ZoneOffset.UTC) : local;
        }
        return withZone && this != MYSQL ? LOCAL.format(local) + "+00:00" : LOCAL.format(local);
    }

    private static Instant ceiling(Instant instant) {
        Instant floor = instant.truncatedTo(ChronoUnit.MICROS);
        return floor.equals(instant) ? instant : floor.plus(1, ChronoUnit.MICROS);
    }

    /**
     * Whether isolation and access are set in each transaction, and nothing is set for the session: a pooler that gives
     * each transaction another connection of its own, such as PgBouncer, would mix up what is set for sessions.
     */
    boolean setsEachTransaction() {
        return this == POSTGRESQL;
    }

    /** Begins a transaction where the driver does not do it by itself. */
    void begin(Connection connection) throws SQLException {
        switch (this) {
            case POSTGRESQL -> execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            case MYSQL -> execute(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            default -> {} // the driver begins it
        }
    }

    /**
     * Takes the snapshot that everything read from now on sees. H2 takes it at the first read of a table.
     *
     * @return the time of the server when the transaction began, which is before the snapshot; empty if it is not told
     */
    Optional<Instant> takeSnapshot(Connection connection) throws SQLException {
        if (this != POSTGRESQL) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement(); // the driver has set the time zone of the JVM
                ResultSet rows = statement.executeQuery("SELECT set_config('TimeZone', 'UTC', true),"
                        + " CASE WHEN NOT pg_is_in_recovery() THEN to_char(transaction_timestamp() AT TIME ZONE 'UTC', "
                        + ISO_OF_POSTGRESQL + ") END")) {
            rows.next();
            return Optional.ofNullable(rows.getString(2)).map(Instant::parse);
        }
    }

    /** A query for the time of the server: one column, whose text {@link Instant#parse} reads. */
    public String clockQuery() {
        return switch (this) {
            case POSTGRESQL ->
                // A standby is only as far as what has arrived there.
                "SELECT to_char(CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp()"
                        + " ELSE clock_timestamp() END AT TIME ZONE 'UTC', " + ISO_OF_POSTGRESQL + ")";
            case MYSQL -> "SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')";
            case H2 ->
                "SELECT FORMATDATETIME(CURRENT_TIMESTAMP AT TIME ZONE 'UTC', 'yyyy-MM-dd''T''HH:mm:ss.nnnnnnnnn''Z''')";
            case OTHER -> "SELECT CURRENT_TIMESTAMP";
        };
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
