package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.jdbc.internal.column.OddValue;
import io.outfeed.source.Parameters;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** COPY and a cursor give the same values of the same classes, for many values of each type. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class RandomValuesTest {

    private static final int ROWS = 2_000;

    private static DataSource database;

    @BeforeAll
    static void makeTypes() throws SQLException {
        database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'ä')",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE DOMAIN weekday AS int",
                "CREATE DOMAIN label AS text",
                "CREATE SCHEMA other",
                "CREATE TYPE other.\"Size\" AS ENUM ('small', 'LARGE')");
    }

    /** Expressions of a random number {@code r} from 0 to 1, of its row {@code n}, and of a word {@code w}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "smallint          # (r * 65535 - 32768)::int::smallint",
                "int               # (r * 4294967295 - 2147483648)::bigint::int",
                "bigint            # ((r - 0.5) * 1.8e19)::numeric::bigint",
                "oid               # (r * 4294967295)::bigint::oid",
                "xid8              # ((r * 1e18)::bigint)::text::xid8",
                "numeric           # ((r - 0.5) * 10 ^ (n % 40 - 20))::numeric",
                "numeric(12,2)     # (r * 9999999999)::numeric(12,2)",
                "numeric(5,-2)     # (r * 999999)::numeric(5,-2)",
                "long numeric      # ((1 + r)::numeric::text || repeat((n % 10)::text, n % 300) || 'e'"
                        + " || (n % 200 - 100))::numeric",
                "numeric of zeros  # (CASE n % 2 WHEN 0 THEN '-' ELSE '' END || '0.' || repeat('0', n % 50))::numeric",
                "numeric of scale  # round((r * 10 ^ (n % 13))::numeric, n % 15)",
                "whole numeric     # trunc((r * 10 ^ (n % 60))::numeric)",
                "odd numeric       # (ARRAY['NaN', 'Infinity', '-Infinity', '1e-1000', '1e1000'])[1 + n % 5]::numeric",
                "real              # ((r - 0.5) * 10 ^ (n % 70 - 35))::real",
                "double            # (r - 0.5) * 10 ^ (n % 600 - 300)",
                "odd double        # (ARRAY['NaN', 'Infinity', '-Infinity', '-0', '5e-324'])[1 + n % 5]::float8",
                "bool              # r < 0.5",
                "date              # '2000-01-01'::date + ((r - 0.5) * 1000000)::int",
                "odd date          # (ARRAY['infinity', '-infinity', '4713-01-01 BC', '5874897-12-31', '0001-01-01',"
                        + " '0001-12-31 BC', '9999-12-31', '10000-01-01'])[1 + n % 8]::date",
                "time              # make_time(n % 24, n % 60, r * 59.9)",
                "odd time          # (ARRAY['24:00', '00:00', '23:59:59.999999', '12:00:00.000001'])[1 + n % 4]::time",
                "timetz            # (make_time(n % 24, n % 60, r * 59.9)::text || '+' || n % 14)::timetz",
                "timestamp         # '2000-01-01'::timestamp + ((r - 0.2) * 3e11) * interval '1 second'",
                "odd timestamp     # (ARRAY['infinity', '-infinity', '4713-01-01 BC', '294276-12-31 23:59:59.999999',"
                        + " '0001-01-01', '0001-12-31 23:59:59.999999 BC', '9999-12-31 23:59:59.999999',"
                        + " '10000-01-01'])[1 + n % 8]::timestamp",
                "timestamptz       # '2000-01-01Z'::timestamptz + ((r - 0.2) * 3e11) * interval '1 second'",
                "odd timestamptz   # (ARRAY['infinity', '-infinity', '4713-01-01Z BC', '294276-12-31 23:59:59.999999Z',"
                        + " '0001-01-01Z', '0001-12-31 23:59:59.999999Z BC', '9999-12-31 23:59:59.999999Z',"
                        + " '10000-01-01Z'])[1 + n % 8]::timestamptz",
                "interval          # ((r - 0.5) * 1e9) * interval '1 second' + n * interval '1 month'",
                "text              # w",
                "varchar           # w::varchar(20)",
                "char              # w::char(40)",
                "one byte          # left(w, 1)::\"char\"",
                "name              # w::name",
                "bytea             # decode(md5(w), 'hex') || convert_to(w, 'UTF8')",
                "uuid              # md5(w)::uuid",
                "money             # ((r - 0.5) * 1e9)::numeric::money",
                "bit               # (r * 65535)::int::bit(16)",
                "varbit            # (r * 65535)::int::bit(16)::varbit(20)",
                "json              # json_build_object(w, r, 'a', ARRAY[n, NULL])",
                "jsonb             # jsonb_build_object(w, r, 'a', ARRAY[n, NULL])",
                "xml               # xmlelement(name a, w)",
                "xml document      # '<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>'::xml",
                "inet              # ('10.0.' || n % 256 || '.1/' || n % 33)::inet",
                "inet of a host    # ('10.0.' || n % 256 || '.1')::inet",
                "cidr              # ('10.0.' || n % 256 || '.0/24')::cidr",
                "macaddr           # left(md5(w), 12)::macaddr",
                "point             # point(r, -r)",
                "range             # int4range(n, n + 5)",
                "multirange        # '{[1,3), [5,7)}'::int4multirange",
                "range of times    # tstzrange('2026-03-01Z'::timestamptz + n * interval '1 day', NULL)",
                "ints              # ARRAY[n, NULL, -n]",
                "texts             # ARRAY[w, NULL, 'NULL', '', 'a\"b\\c']",
                "floats            # ARRAY[r, r * 1e30]",
                "times             # ARRAY['2026-03-01Z'::timestamptz + n * interval '1 second']",
                "no elements       # '{}'::text[]",
                "rows              # ARRAY[(n, w)::pair]",
                "row               # (n, w)::pair",
                "row of nulls      # (NULL, NULL)::pair",
                "record            # (n, w, NULL)",
                "enum              # (ARRAY['sad', 'it''s ok', 'ä'])[1 + n % 3]::mood",
                "enum of a schema  # (ARRAY['small', 'LARGE'])[1 + n % 2]::other.\"Size\"",
                "enums             # ARRAY['sad', 'ä']::mood[]",
                "domain            # (n % 7)::weekday",
                "domain of text    # w::label",
                "regclass          # 'pg_class'::regclass",
                "words             # to_tsvector('simple', translate(w, '''\\', ''))",
                "lsn               # ('0/' || to_hex(n))::pg_lsn",
                "tid               # ('(' || n || ',1)')::tid",
                "path              # '$.a[*] ? (@ > 1)'::jsonpath",
                "void              # pg_sleep(0)",
                "unknown           # NULL",
            })
    void should_be_the_same_by_both_transports(String type, String expression) throws Exception {
        String query = """
                SELECT n, CASE WHEN n %% 10 = 0 THEN NULL ELSE v END AS v FROM (
                    SELECT n, %s AS v FROM (
                        SELECT n, abs(hashint4(n)::float8) / 2147483648 AS r,
                            repeat(chr(32 + n %% 90) || 'ä€😀', n %% 5) || E'\\t"''\\\\' || n AS w
                        FROM generate_series(1, %d) n) random) given
                """.formatted(expression, ROWS);
        if (type.equals("void")) {
            query = "SELECT n, pg_sleep(0) AS v FROM generate_series(1, 3) n";
        }

        List<List<String>> copied = read(query, Transport.COPY);

        List<List<String>> fetched = read(query, Transport.CURSOR);
        assertThat(copied).hasSizeGreaterThanOrEqualTo(3).hasSameSizeAs(fetched);
        for (int i = 0; i < copied.size(); i++) {
            assertThat(copied.get(i)).isEqualTo(fetched.get(i));
        }
    }

    @Test
    void should_not_make_characters_of_bytes_that_are_none() throws Exception {
        TestPostgres.execute(database, "CREATE DATABASE raw ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'");
        PGSimpleDataSource raw = new PGSimpleDataSource();
        raw.setUrl(((PGSimpleDataSource) database).getUrl().replaceAll("/db\\d+", "/raw"));
        raw.setUser("postgres");

        for (Transport transport : List.of(Transport.COPY, Transport.CURSOR)) {
            assertThat(read(raw, "SELECT E'\\xc3\\xa4' AS v", transport)).containsExactly(List.of("String ä"));
            assertThatThrownBy(() -> read(raw, "SELECT E'a\\xe4' AS v", transport))
                    .isInstanceOf(SourceException.class)
                    .hasMessage("the query failed (SQLState 22021)");
        }
    }

    private static List<List<String>> read(String query, Transport transport) throws Exception {
        return read(database, query, transport);
    }

    private static List<List<String>> read(DataSource database, String query, Transport transport) throws Exception {
        JdbcRecordSource<List<String>> source = JdbcRecordSource.builder(database, RandomValuesTest.listClass())
                .query(query)
                .mapper(row -> row.columns().stream()
                        .map(column -> described(row, column))
                        .toList())
                .transport(transport)
                .build();
        Watermark<Object> watermark = Watermark.fullSnapshot();
        try (SourceSession<List<String>> session = source.open(Parameters.of(Map.of()));
                Stream<List<String>> rows = session.read(new Window(
                        watermark.beginning(), watermark.until(window -> Stream.empty(), Clock.systemUTC())))) {
            return rows.toList();
        }
    }

    @SuppressWarnings("unchecked")
    private static Class<List<String>> listClass() {
        return (Class<List<String>>) (Class<?>) List.class;
    }

    /** A value with its class, so that numbers and texts of the same digits differ. */
    private static String described(Row row, String column) {
        @Nullable Object value;
        try {
            value = row.value(column);
        } catch (io.outfeed.field.RejectedValueException e) {
            return OddValue.class.getSimpleName() + ": " + e.getMessage();
        }
        return value == null
                ? "null"
                : value.getClass().getSimpleName() + " "
                        + (value instanceof byte[] bytes ? Arrays.toString(bytes) : value.toString());
    }
}
