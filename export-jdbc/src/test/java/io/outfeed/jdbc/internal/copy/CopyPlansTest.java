package io.outfeed.jdbc.internal.copy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.query.NamedQuery;
import io.outfeed.jdbc.internal.query.QueryParameters;
import io.outfeed.jdbc.internal.query.QueryProbe;
import io.outfeed.jdbc.internal.query.SimpleMode;
import io.outfeed.jdbc.internal.query.WindowBounds;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The plans of the server for both transports. COPY reads each parameter by a subquery
 * that is evaluated once: the planner does not know its value, but uses the same indexes, and reads only the partitions
 * of the window.
 */
class CopyPlansTest {

    private static final String WINDOW = " WHERE tenant = :tenant AND changed >= :from AND changed < :until";
    private static final String EXPLAIN = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ";

    @Test
    void should_use_the_index_by_both_transports() throws Exception {
        PGSimpleDataSource database = (PGSimpleDataSource) TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visits AS SELECT n AS id, 't' || n % 10 AS tenant,"
                        + " timestamptz '2026-01-01Z' + n * interval '1 minute' AS changed"
                        + " FROM generate_series(1, 100000) n",
                "CREATE INDEX visits_changed ON visits (changed)",
                "VACUUM ANALYZE visits");
        String query = "SELECT * FROM visits" + WINDOW + " ORDER BY changed";

        for (Transport transport : List.of(Transport.CURSOR, Transport.COPY)) {
            assertThat(plan(database, query, transport))
                    .as(transport.name())
                    .anyMatch(line -> line.contains("Index Scan using visits_changed on visits"))
                    .anyMatch(line -> line.contains("Index Cond: ((changed >= "))
                    .noneMatch(line -> line.contains("Seq Scan"));
        }
    }

    @Test
    void should_read_the_partitions_of_the_window_by_both_transports() throws Exception {
        PGSimpleDataSource database = (PGSimpleDataSource) TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (id int, tenant text, changed timestamptz) PARTITION BY RANGE (changed)",
                "CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z')",
                "CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM ('2026-02-01Z') TO ('2026-03-01Z')",
                "CREATE TABLE visits_3 PARTITION OF visits FOR VALUES FROM ('2026-03-01Z') TO ('2026-04-01Z')",
                "INSERT INTO visits SELECT n, 't' || n % 10, timestamptz '2026-01-01Z' + n * interval '1 minute'"
                        + " FROM generate_series(1, 100000) n",
                "VACUUM ANALYZE visits");
        String query = "SELECT * FROM visits" + WINDOW;

        List<String> fetched = plan(database, query, Transport.CURSOR);
        List<String> copied = plan(database, query, Transport.COPY);

        assertThat(fetched.stream().filter(line -> line.contains("Scan on visits_")))
                .as("the planner knows the window")
                .singleElement()
                .satisfies(line -> assertThat(line).contains("Scan on visits_2"));
        assertThat(copied.stream().filter(line -> line.contains("Scan on visits_")))
                .as("the executor knows the window")
                .hasSize(3)
                .filteredOn(line -> !line.contains("never executed"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("Scan on visits_2"));
    }

    @Test
    void should_have_no_workers_whose_rows_come_in_another_order() throws Exception {
        PGSimpleDataSource database = (PGSimpleDataSource) TestPostgres.newDatabase();
        String alter = "ALTER DATABASE " + database.getDatabaseName() + " SET ";
        TestPostgres.execute(
                database,
                "CREATE TABLE visits AS SELECT n AS id, 't7' AS tenant, timestamptz '2026-02-10Z' AS changed"
                        + " FROM generate_series(1, 20000) n",
                alter + "min_parallel_table_scan_size = 0",
                alter + "parallel_setup_cost = 0",
                alter + "parallel_tuple_cost = 0");
        String query = "SELECT * FROM visits" + WINDOW;

        assertThat(plan(database, query, Transport.CURSOR)).anyMatch(line -> line.contains("Gather"));
        assertThat(plan(database, query, Transport.COPY))
                .anyMatch(line -> line.contains("Seq Scan on visits"))
                .noneMatch(line -> line.contains("Gather"));
    }

    /** The plan by which the server reads a window. */
    private static List<String> plan(DataSource database, String sql, Transport transport) throws Exception {
        Window window = new Window(
                Position.of(Instant.parse("2026-02-10T00:00:00Z")), Position.of(Instant.parse("2026-02-12T00:00:00Z")));
        NamedQuery query = NamedQuery.parse(sql);
        QueryParameters tenant = new QueryParameters(Map.of("tenant", "t7"));
        try (SourceConnection connection = SourceConnection.open(database, Duration.ofMinutes(1))) {
            WindowBounds bounds = new WindowBounds(connection.dialect(), null);
            Columns columns = requireNonNull(new QueryProbe(connection, query, tenant, new SimpleMode())
                    .columns(bounds, metaData -> Columns.of(metaData, connection.dialect(), null)));
            QueryParameters bound = bounds.add(tenant, query, window);
            if (transport == Transport.COPY) {
                String copy = new CopyTransport(connection, columns).prepare(query, bound);
                String read = copy.replaceFirst("^COPY \\(", "").replaceFirst("\\) TO STDOUT \\(FORMAT binary\\)$", "");
                return connection.query(EXPLAIN + read, CopyPlansTest::lines);
            }
            NamedQuery.Rendered rendered = bound.render(query);
            try (PreparedStatement statement = connection.prepare(EXPLAIN + rendered.sql())) {
                bound.bind(statement, rendered);
                try (ResultSet rows = statement.executeQuery()) {
                    return lines(rows);
                }
            }
        }
    }

    private static List<String> lines(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            lines.add(rows.getString(1));
        }
        return lines;
    }
}
