package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.RejectPolicy;
import io.outfeed.error.ExportException;
import io.outfeed.error.SourceException;
import io.outfeed.field.Fields;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.run.ExportRun;
import io.outfeed.watermark.Watermark;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that Java or a record has no room for is a reject of its record, and only where it is used. */
class OddRowsTest {

    record Visit(
            int id, @Nullable LocalDate heldOn, @Nullable BigDecimal fee) {}

    record Narrow(int id, int big) {}

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    private String query = "SELECT * FROM visits ORDER BY id";

    @BeforeEach
    void makeTable() throws SQLException {
        database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (id int, held_on date, fee numeric, big bigint, share float8, photo bytea,"
                        + " at time)",
                "INSERT INTO visits VALUES (1, '2026-03-01', 1.50, 1, 0.5, 'x', '12:00'),"
                        + " (2, 'infinity', 'NaN', 9223372036854775807, 'NaN', 'x', '24:00'),"
                        + " (3, NULL, 0.00000001, 3, 1e-7, 'x', NULL)");
    }

    private <T> ExportDefinition.Builder<T> export(
            Class<T> type, Function<T, Object> key, Consumer<Fields.Builder<T>> fields) {
        return ExportDefinition.builder("visits", type)
                .source(JdbcRecordSource.builder(database, type).query(query).build())
                .recordKey(key)
                .watermark(Watermark.fullSnapshot())
                .fields(fields)
                .file(file -> file.name("visits-{sequence}.csv"));
    }

    private ExportDefinition.Builder<Row> rows(Function<Row, @Nullable Object> field) {
        return export(
                Row.class,
                row -> row.value("id"),
                fields -> fields.field("id", row -> row.value("id")).field("x", field));
    }

    private ExportDefinition.Builder<Visit> visits() {
        return export(
                Visit.class,
                Visit::id,
                fields -> fields.field("id", Visit::id)
                        .field("held_on", Visit::heldOn)
                        .field("fee", Visit::fee));
    }

    @Test
    void should_not_fail_by_a_column_that_no_field_uses() throws Exception {
        try (SandboxExport export =
                new SandboxExport(rows(row -> row.value("big")).build())) {
            export.job().runNow();

            assertThat(export.lines(1)).containsExactly("id,x", "1,1", "2,9223372036854775807", "3,3");
        }
    }

    @Test
    void should_reject_a_number_whose_zeros_would_fill_the_memory() throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:");
        database = h2;
        query = "SELECT 1 AS id, CAST('1E+2000000' AS DECFLOAT) AS fee";
        try (SandboxExport export = new SandboxExport(rows(row -> row.string("fee"))
                .rejectPolicy(RejectPolicy.skipUpTo(1))
                .build())) {
            ExportRun run = export.job().runNow();

            assertThat(export.rejects(run))
                    .singleElement()
                    .satisfies(reject -> assertThat(reject.reason())
                            .isEqualTo("it has more than 1000000 digits: correct the record, or give the field a"
                                    + " transformation"));
        }
    }

    @Test
    void should_reject_one_row_that_a_record_has_no_room_for() throws Exception {
        try (SandboxExport export = new SandboxExport(
                visits().rejectPolicy(RejectPolicy.skipUpTo(1)).build())) {
            ExportRun run = export.job().runNow();

            assertThat(export.lines(1)).containsExactly("id,held_on,fee", "1,2026-03-01,1.50", "3,,0.00000001");
            assertThat(export.rejects(run)).singleElement().satisfies(reject -> {
                assertThat(reject.recordKey()).isEqualTo("row 2 of the query");
                assertThat(reject.reason())
                        .isEqualTo("column 'held_on' is infinite: correct the record, or make the column text in the"
                                + " query");
            });
        }
    }

    @Test
    void should_fail_by_one_row_where_no_record_may_be_left_out() throws Exception {
        try (SandboxExport export = new SandboxExport(visits().build())) {
            assertThatThrownBy(() -> export.job().runNow())
                    .isInstanceOf(ExportException.class)
                    .hasMessage(
                            "row 2 of the query can't be mapped: column 'held_on' is infinite: correct the record, or"
                                    + " make the column text in the query (job=visits, run=1)");
        }
    }

    @Test
    void should_fail_by_one_row_where_versions_are_told_by_their_keys() throws Exception {
        try (SandboxExport export = new SandboxExport(
                visits().rejectPolicy(RejectPolicy.skipUpTo(1)).latestPerKey().build())) {
            assertThatThrownBy(() -> export.job().runNow())
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("it has no key, by which export 'visits' tells versions and changes");
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "integer | big   | column 'big' has a value that is not a whole number of 32 bits: correct the"
                        + " record, or"
                        + " read the column with number() or decimal()",
                "decimal | fee   | column 'fee' is not a number: correct the record, or make the column text in"
                        + " the query",
                "string  | share | column 'share' is infinite or not a number: correct the record, or make the"
                        + " column text"
                        + " in the query",
                "time    | at    | column 'at' has a value that is not a time of day: correct the record, or read the"
                        + " column with string()",
                "bool    | big   | column 'big' has a value that is not true or false, which 1 and 0 are: correct the"
                        + " record, or read the column with integer()",
            })
    void should_name_column_and_choice_for_one_value(String getter, String column, String reason) throws Exception {
        try (SandboxExport export = new SandboxExport(rows(row -> get(row, getter, column))
                .rejectPolicy(RejectPolicy.skipUpTo(2))
                .build())) {
            ExportRun run = export.job().runNow();

            assertThat(export.rejects(run)).anySatisfy(reject -> {
                assertThat(reject.recordKey()).isEqualTo("2");
                assertThat(reject.reason()).isEqualTo(reason);
            });
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "string  | photo | column 'photo' is bytes, not text: choose how they are written, such as with"
                        + " encode() in"
                        + " the query",
                "integer | share | column 'share' is a floating-point number, not a whole number of 32 bits:"
                        + " read it with"
                        + " floating(), or round it in the query",
                "date    | big   | column 'big' is a whole number, not a date",
                "string  | gone  | there is no column 'gone': the query has [id, held_on, fee, big, share, photo, at]",
            })
    void should_name_column_and_choice_for_a_column_of_another_type(String getter, String column, String reason)
            throws Exception {
        try (SandboxExport export =
                new SandboxExport(rows(row -> get(row, getter, column)).build())) {
            assertThatThrownBy(() -> export.job().runNow()).hasMessageContaining(reason);
        }
    }

    @Test
    void should_name_a_column_that_is_there_twice() throws Exception {
        ExportDefinition<Row> twice = rows(row -> row.value("id"))
                .source(JdbcRecordSource.builder(database, Row.class)
                        .query("SELECT id, big AS \"ID\" FROM visits WHERE id = 1")
                        .build())
                .recordKey(row -> 1)
                .build();
        try (SandboxExport export = new SandboxExport(twice)) {
            assertThatThrownBy(() -> export.job().runNow())
                    .hasMessageContaining(
                            "the query has more than one column 'id': give one of them another name, with AS");
        }
    }

    @Test
    void should_name_the_component_that_is_too_narrow() throws Exception {
        try (SandboxExport export =
                new SandboxExport(export(Narrow.class, Narrow::id, fields -> fields.field("big", Narrow::big))
                        .build())) {
            assertThatThrownBy(() -> export.job().runNow())
                    .hasMessage(
                            "row 2 of the query can't be mapped: column 'big' has a value that is not a whole number of"
                                    + " 32 bits: correct the record, or read the column with number() or"
                                    + " decimal() (job=visits,"
                                    + " run=1)");
        }
    }

    @Test
    void should_write_the_same_text_by_string() throws Exception {
        try (SandboxExport export = new SandboxExport(export(
                        Row.class,
                        row -> row.value("id"),
                        fields -> fields.field("fee", row -> row.string("fee"))
                                .field("at", row -> row.string("at"))
                                .field("share", row -> row.string("share")))
                .source(JdbcRecordSource.builder(database, Row.class)
                        .query("SELECT * FROM visits WHERE id <> 2 ORDER BY id")
                        .build())
                .build())) {
            export.job().runNow();

            assertThat(export.lines(1)).containsExactly("fee,at,share", "1.50,12:00:00,0.5", "0.00000001,,0.00000010");
        }
    }

    private static @Nullable Object get(Row row, String getter, String column) {
        return switch (getter) {
            case "integer" -> row.integer(column);
            case "decimal" -> row.decimal(column);
            case "string" -> row.string(column);
            case "time" -> row.time(column);
            case "bool" -> row.bool(column);
            default -> row.date(column);
        };
    }
}
