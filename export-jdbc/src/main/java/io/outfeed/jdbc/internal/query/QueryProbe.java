package io.outfeed.jdbc.internal.query;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SourceDialect;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Learns the columns of a query, and the types with which it compares its bounds, without reading its rows. */
public final class QueryProbe {

    private static final String STATEMENT = "outfeed_probe";

    /** Reads what a query gives. */
    @FunctionalInterface
    public interface ColumnsReader<C> {
        C read(ResultSetMetaData metaData) throws SQLException;
    }

    private final SourceConnection connection;
    private final NamedQuery query;
    private final QueryParameters parameters;
    private final SimpleMode simpleMode;

    /**
     * Makes a probe.
     *
     * @param parameters those of the job; the bounds are not known yet
     * @param simpleMode of the source
     */
    public QueryProbe(
            SourceConnection connection, NamedQuery query, QueryParameters parameters, SimpleMode simpleMode) {
        this.connection = connection;
        this.query = query;
        this.parameters = parameters;
        this.simpleMode = simpleMode;
    }

    /**
     * Asks for the columns, and tells the bounds their types.
     *
     * @return null if the driver knows them only when the query has run
     */
    public <C> @Nullable C columns(WindowBounds bounds, ColumnsReader<C> reader) throws SQLException {
        NamedQuery.Rendered rendered = parameters.render(query);
        return connection.dialect() == SourceDialect.POSTGRESQL
                ? ofPostgres(rendered, bounds, reader)
                : ofOther(rendered, bounds, reader);
    }

    private <C> @Nullable C ofOther(NamedQuery.Rendered rendered, WindowBounds bounds, ColumnsReader<C> reader)
            throws SQLException {
        try (PreparedStatement statement = connection.prepare(rendered.sql())) {
            parameters.bind(statement, rendered);
            ResultSetMetaData metaData = connection.call(statement, statement::getMetaData);
            C columns = metaData == null ? null : reader.read(metaData);
            bounds.describe(statement, rendered, parameters);
            return columns;
        }
    }

    /**
     * Runs the query without rows: {@code getMetaData} of a query that has not run names a statement on the server,
     * which collides with those of other clients of PgBouncer, and fails in the driver's simple query mode.
     */
    private <C> C ofPostgres(NamedQuery.Rendered rendered, WindowBounds bounds, ColumnsReader<C> reader)
            throws SQLException {
        String sql = "SELECT * FROM (\n" + NamedQuery.withoutSemicolon(rendered.sql()) + "\n) described WHERE false";
        try (PreparedStatement statement = connection.prepare(sql)) {
            parameters.bind(statement, rendered);
            bindUnknown(statement, rendered);
            if (query.names().contains(QueryParameters.UNTIL) && isSimpleMode()) {
                bounds.describe(typesOfSimpleMode(), rendered, parameters);
            } else {
                bounds.describe(statement, rendered, parameters);
            }
            try (ResultSet none = connection.call(statement, statement::executeQuery)) {
                return reader.read(none.getMetaData());
            }
        }
    }

    /** Leaves the types of the bounds to the server. */
    private void bindUnknown(PreparedStatement statement, NamedQuery.Rendered rendered) throws SQLException {
        int at = 1;
        for (String name : rendered.names()) {
            if (!parameters.has(name)) {
                statement.setNull(at, Types.NULL);
            }
            at += parameters.size(name);
        }
    }

    /** Whether the driver writes parameters into the text of a statement: the server then sees no placeholder. */
    private boolean isSimpleMode() throws SQLException {
        Optional<Boolean> known = simpleMode.known();
        return known.isPresent() ? known.get() : simpleMode.remember(askForSimpleMode());
    }

    private boolean askForSimpleMode() throws SQLException {
        String sql = "SELECT position('$' || '1' IN current_query()) = 0 WHERE 1 = ?";
        try (PreparedStatement statement = connection.prepare(sql)) {
            statement.setInt(1, 1);
            try (ResultSet rows = connection.call(statement, statement::executeQuery)) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Asks the server, since the driver does not in this mode. */
    private String[] typesOfSimpleMode() throws SQLException {
        String sql = NamedQuery.withoutSemicolon(query.renderForPrepare(parameters::size));
        try {
            connection.execute("PREPARE " + STATEMENT + " AS " + sql);
        } catch (SQLException e) {
            throw SourceException.permanent(
                    "in the driver's simple query mode the types with which the query compares :from and :until can't"
                            + " be told: give each of its other parameters a type, such as CAST(:tenant AS text), or"
                            + " remove preferQueryMode from the address of the database (SQLState "
                            + e.getSQLState() + ")",
                    null);
        }
        String[] types = connection.query(
                "SELECT array_to_string(parameter_types::text[], '|') FROM pg_prepared_statements WHERE name = '"
                        + STATEMENT + "'",
                rows -> {
                    rows.next();
                    return rows.getString(1).split("\\|");
                });
        connection.execute("DEALLOCATE " + STATEMENT);
        return types;
    }
}
