package io.outfeed.jdbc.internal.copy;

import io.outfeed.jdbc.internal.column.ColumnReader;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.column.RowReader;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.jdbc.internal.postgres.PostgresDriver;
import io.outfeed.jdbc.internal.query.NamedQuery;
import io.outfeed.jdbc.internal.query.QueryParameters;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the rows of a query of PostgreSQL by {@code COPY ... TO STDOUT (FORMAT binary)}, in the transaction of the
 * session: the server sends rows without being asked for them, and the driver makes no values of them.
 *
 * <p>COPY takes no parameters. Each value is bound to a setting of the transaction first, and the query reads it from
 * there, once, as the type that the server would have given the parameter. Used by one thread.
 */
public final class CopyTransport {

    /** The oldest version whose functions and binary formats are used. */
    private static final int OLDEST_SERVER = 10;

    /** A statement has at most 1,664 columns, and each value is set by one. */
    private static final int MOST_VALUES = 1_000;

    /** A feature that the server does not have, and what it does not take for SQL. */
    private static final Set<String> REJECTIONS = Set.of("0A", "42");

    private final SourceConnection connection;
    private final Columns columns;

    /** @param columns of the query, as the server has described them */
    public CopyTransport(SourceConnection connection, Columns columns) {
        this.connection = connection;
        this.columns = columns;
    }

    /**
     * Starts to read a query, and waits for its first row.
     *
     * @throws CopyUnavailableException if a cursor has to read it; the transaction can be used
     * @throws SQLException if the query fails
     */
    public RowReader open(NamedQuery query, QueryParameters parameters) throws SQLException, CopyUnavailableException {
        PostgresDriver driver = driver(query, parameters);
        String sql = prepare(query, parameters);
        try {
            CopyReader reader = new CopyReader(
                    connection, driver, connection.call(driver::cancel, () -> driver.copy(sql)), columns);
            reader.readAhead();
            return reader;
        } catch (SQLException e) {
            if (!REJECTIONS.contains(String.valueOf(e.getSQLState()).substring(0, 2))) {
                throw e;
            }
            connection.renewSnapshot();
            throw new CopyUnavailableException("the server rejects it (SQLState " + e.getSQLState() + ")");
        }
    }

    /** Sets the values of the parameters, and writes the statement that reads them. */
    String prepare(NamedQuery query, QueryParameters parameters) throws SQLException, CopyUnavailableException {
        List<String> types = types(query, parameters);
        setParameters(query, parameters, types.size());
        return CopyStatement.of(query, parameters, types, columns);
    }

    /**
     * Checks whether COPY can read a query, as far as that is known without its window.
     *
     * @throws CopyUnavailableException if it can't
     */
    public void check(NamedQuery query, QueryParameters parameters) throws SQLException, CopyUnavailableException {
        driver(query, parameters);
        checkTimeout(connection.query("SELECT current_setting('statement_timeout')", rows -> {
            rows.next();
            return rows.getString(1);
        }));
    }

    private PostgresDriver driver(NamedQuery query, QueryParameters parameters)
            throws SQLException, CopyUnavailableException {
        if (connection.dialect() != SourceDialect.POSTGRESQL) {
            throw new CopyUnavailableException("only PostgreSQL has it");
        }
        if (connection.majorVersion() < OLDEST_SERVER) {
            throw new CopyUnavailableException("the server is older than PostgreSQL " + OLDEST_SERVER);
        }
        for (int i = 0; i < columns.names().size(); i++) {
            if (columns.binary(i) == null && columns.type(i) != ColumnReader.TEXT) {
                throw new CopyUnavailableException("column '" + columns.names().get(i)
                        + "' has a type whose values the driver converts in its own way");
            }
        }
        PostgresDriver driver = driver();
        if (!"UTF8".equals(driver.encoding())) {
            throw new CopyUnavailableException("the encoding of the connection is not UTF-8");
        }
        int values = parameters.count(parameters.render(query));
        if (values > MOST_VALUES) {
            throw new CopyUnavailableException("the query has more than " + MOST_VALUES + " values of parameters");
        }
        if (values > 0 && driver.isSimpleMode()) {
            throw new CopyUnavailableException(
                    "the driver does not tell the types of parameters in its simple query" + " mode");
        }
        return driver;
    }

    private PostgresDriver driver() throws CopyUnavailableException {
        if (!PostgresDriver.isPresent()) {
            throw new CopyUnavailableException("the driver org.postgresql is not in reach of Outfeed's classes");
        }
        return PostgresDriver.of(connection)
                .orElseThrow(() -> new CopyUnavailableException(
                        "the connection is not one of the driver org.postgresql, or the pool does not give it"));
    }

    /** The types of the values, in the order in which they are bound. */
    private List<String> types(NamedQuery query, QueryParameters parameters)
            throws SQLException, CopyUnavailableException {
        NamedQuery.Rendered rendered = parameters.render(query);
        int count = parameters.count(rendered);
        List<String> types = new ArrayList<>();
        if (count == 0) {
            return types;
        }
        try (PreparedStatement statement = connection.prepare(rendered.sql())) {
            parameters.bind(statement, rendered);
            ParameterMetaData metaData = connection.call(statement, statement::getParameterMetaData);
            for (int i = 1; i <= count; i++) {
                String type = metaData.getParameterTypeName(i);
                if (type == null) {
                    throw new CopyUnavailableException("the driver does not tell the type of a parameter");
                }
                types.add(type);
            }
        }
        return types;
    }

    /**
     * Sets what the statement reads, for this transaction. Workers would give the rows in an order of their own: a
     * cursor has none.
     */
    private void setParameters(NamedQuery query, QueryParameters parameters, int count)
            throws SQLException, CopyUnavailableException {
        NamedQuery.Rendered rendered = parameters.render(query);
        try (PreparedStatement statement = connection.prepare(CopyStatement.settings(count))) {
            parameters.bind(statement, rendered);
            try (ResultSet rows = connection.call(statement, statement::executeQuery)) {
                rows.next();
                checkTimeout(rows.getString(1));
            }
        }
    }

    private static void checkTimeout(String timeout) throws CopyUnavailableException {
        if (!timeout.equals("0")) {
            throw new CopyUnavailableException(
                    "statement_timeout is set, which is for all rows of COPY, and for each fetch of a cursor");
        }
    }
}
