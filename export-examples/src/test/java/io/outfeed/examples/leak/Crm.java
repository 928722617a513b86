package io.outfeed.examples.leak;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** The database of the host, whose rows and password are canaries, and whose driver fails. */
final class Crm implements AutoCloseable {

    private static final int PUPILS = 20;

    private final Fault fault;
    private final JdbcDataSource database;
    private final Connection connection;

    /** Whether the export has run a query. */
    private final AtomicBoolean queried = new AtomicBoolean();

    Crm(Fault fault) throws SQLException {
        this.fault = fault;
        database = inMemory("crm-" + fault);
        connection = database.getConnection();
        insertPupils();
    }

    /** A database that is there as long as a connection is. */
    static JdbcDataSource inMemory(String name) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + name);
        database.setUser("crm");
        database.setPassword(Canary.DATABASE_PASSWORD.text);
        return database;
    }

    private void insertPupils() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE pupils (id VARCHAR PRIMARY KEY, name VARCHAR, grade BIGINT, born DATE,"
                    + " email VARCHAR, tenant VARCHAR)");
        }
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO pupils VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < PUPILS; i++) {
                statement.setString(1, i == 0 ? Canary.KEY.text : Canary.KEY.text + "-" + i);
                statement.setString(2, Canary.NAME.text);
                statement.setLong(3, Long.parseLong(Canary.GRADE.text));
                statement.setObject(4, LocalDate.parse(Canary.BORN.text));
                statement.setString(5, Canary.EMAIL.text + (fault == Fault.ENCODING ? "\u0142" : ""));
                statement.setString(6, Canary.PARAMETER.text);
                statement.executeUpdate();
            }
        }
    }

    /** The data source of the export. */
    DataSource dataSource() {
        if (fault == Fault.DATABASE_REFUSES_LOGIN) {
            JdbcDataSource refused = new JdbcDataSource();
            refused.setURL(database.getURL());
            refused.setUser("crm");
            refused.setPassword(Canary.WRONG_DATABASE_PASSWORD.text);
            return refused;
        }
        return Driver.failing(database, this::failure);
    }

    private @Nullable Throwable failure(Class<?> type, String method) {
        String call = type.getSimpleName() + "." + method;
        if (call.equals("PreparedStatement.executeQuery")) {
            queried.set(true);
        }
        return switch (fault) {
            case CONNECT_QUOTES_THE_URL -> call.equals("DataSource.getConnection") ? Driver.exception("08001") : null;
            case CONNECT_THROWS_OTHERS ->
                call.equals("DataSource.getConnection") ? new IllegalStateException(Canary.all()) : null;
            case DESCRIBE_QUOTES_A_PARAMETER ->
                call.equals("PreparedStatement.getMetaData") ? Driver.exception("22P02") : null;
            case EXECUTE_QUOTES_A_ROW ->
                call.equals("PreparedStatement.executeQuery") ? Driver.exception("23505") : null;
            case EXECUTE_QUOTES_THE_STATEMENT ->
                call.equals("PreparedStatement.executeQuery")
                        ? new SQLException("syntax error near '" + Canary.PARAMETER.text + "'", "42000", 1064)
                        : null;
            case NEXT_QUOTES_A_ROW -> call.equals("ResultSet.next") ? Driver.exception("P0001") : null;
            case NEXT_WITHOUT_STATE -> call.equals("ResultSet.next") ? Driver.exception(null) : null;
            case NEXT_THROWS_OTHERS ->
                call.equals("ResultSet.next") ? new UnsupportedOperationException(Canary.all()) : null;
            case CLOSE_STATEMENT ->
                call.equals("PreparedStatement.close") && queried.get() ? Driver.exception("22000") : null;
            case CLOSE_CONNECTION -> call.equals("Connection.rollback") ? Driver.exception("22000") : null;
            default -> null;
        };
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
