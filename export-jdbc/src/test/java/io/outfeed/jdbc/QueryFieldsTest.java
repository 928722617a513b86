package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An export of a host that has SQL and no class. */
class QueryFieldsTest {

    private static DataSource database(String kind) throws SQLException {
        DataSource database;
        if (kind.equals("h2")) {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;DATABASE_TO_LOWER=TRUE");
            database = h2;
        } else if (kind.equals("postgres")) {
            database = TestPostgres.newDatabase();
        } else {
            TestMariaDb.assumeInstalled();
            database = TestMariaDb.newDatabase();
        }
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (id int, tenant varchar(20), note varchar(20), held_on date, kind varchar(9),"
                        + (kind.startsWith("m")
                                ? "updated_at timestamp NOT NULL)"
                                : " updated_at timestamp with time zone)"),
                "INSERT INTO visits VALUES (1, 'lakeside', 'a', '2026-03-01', 'x', '2026-01-01 12:00:00'),"
                        + " (2, 'hillcrest', 'b', NULL, 'x', '2026-01-01 12:00:00')");
        return kind.equals("mysql") ? TestMariaDb.byMySqlDriver(database) : database;
    }

    private static JdbcRecordSource<Row> source(DataSource database, String columns) {
        return JdbcRecordSource.builder(database, Row.class)
                .query("SELECT " + columns + " FROM visits WHERE tenant = :tenant AND kind IN (:kinds)"
                        + " AND updated_at >= :from AND updated_at < :until")
                .parameter("kinds", text -> List.of(text.split(",")))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb", "mysql", "h2"})
    void should_export_the_columns_of_a_query_in_five_lines(String kind) throws Exception {
        JdbcRecordSource<Row> visits = source(database(kind), "held_on, id, note AS remark, updated_at");
        ExportDefinition<Row> export = ExportDefinition.builder("visits", Row.class)
                .source(visits)
                .recordKey(row -> row.value("id"))
                .watermark(JdbcWatermark.timestamp("updated_at"))
                .fields(visits.columnsWithout("UPDATED_AT"))
                .file(file -> file.name("visits-{sequence}.csv"))
                .build();
        try (SandboxExport job =
                new SandboxExport(export, j -> j.parameter("tenant", "lakeside").parameter("kinds", "x,y"))) {
            job.job().runNow();

            assertThat(job.lines(1)).containsExactly("held_on,id,remark", "2026-03-01,1,a");
        }
    }

    @Test
    void should_have_all_columns_in_their_order() throws Exception {
        assertThat(source(database("postgres"), "*").columns().mappings())
                .extracting(field -> field.name())
                .containsExactly("id", "tenant", "note", "held_on", "kind", "updated_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb", "mysql", "h2"})
    void should_have_the_types_of_the_columns(String kind) throws Exception {
        JdbcRecordSource<Row> visits =
                source(database(kind), "id, note, held_on, updated_at, CAST(1.5 AS DECIMAL(5,2)) AS fee");

        assertThat(visits.columns().columns())
                .extracting(column -> column.name() + " " + column.type().orElseThrow())
                .containsExactly("id INTEGER", "note TEXT", "held_on DATE", "updated_at INSTANT", "fee DECIMAL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "id, kind AS \"ID\"  |    | the query has more than one column 'ID': give one of them another"
                        + " name, with AS",
                "id, note            | at | there is no column 'at' to leave out: the query has [id, note]",
                "id                  | id | no column is left: the query has [id]",
            })
    void should_reject_columns_that_are_no_fields(String columns, String without, String problem) throws Exception {
        JdbcRecordSource<Row> source = source(database("postgres"), columns);

        assertThatThrownBy(() -> source.columnsWithout(without == null ? new String[0] : new String[] {without}))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("JDBC source of Row has 1 problem: " + problem);
    }

    @Test
    void should_say_that_the_database_rejects_the_query() throws Exception {
        JdbcRecordSource<Row> source = source(database("postgres"), "nte");

        assertThatThrownBy(source::columns)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("column \"nte\" does not exist");
    }
}
