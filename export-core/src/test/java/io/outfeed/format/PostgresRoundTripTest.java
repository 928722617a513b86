package io.outfeed.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.format.CsvFormat.Header;
import io.outfeed.internal.format.Encodable;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

/** What is written is read back by PostgreSQL's COPY, which distinguishes a null from an empty text. */
@Tag("slow")
class PostgresRoundTripTest {

    private static final Map<Charset, String> ENCODINGS = Map.of(
            StandardCharsets.UTF_8,
            "UTF8",
            StandardCharsets.ISO_8859_1,
            "LATIN1",
            Charset.forName("windows-1252"),
            "WIN1252",
            Charset.forName("windows-1251"),
            "WIN1251",
            Charset.forName("GB18030"),
            "GB18030",
            Charset.forName("ISO-8859-15"),
            "LATIN9");

    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable Connection connection;

    @BeforeAll
    static void start() throws Exception {
        boolean linux = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        assumeTrue(linux, "skipped: PostgreSQL's binaries are here for Linux on amd64 only");
        EmbeddedPostgres started = EmbeddedPostgres.builder().start();
        postgres = started;
        connection = started.getPostgresDatabase().getConnection();
    }

    @AfterAll
    static void stop() throws Exception {
        if (connection != null) {
            connection.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private static Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new AssertionError("not started");
        }
        return open;
    }

    static Stream<Dialects.Case> dialects() {
        return CsvRoundTripTest.dialects().filter(dialect -> isKnown(dialect.format()));
    }

    /** PostgreSQL reads no UTF-16, no byte order mark, and no backslash as a delimiter of a null text with one. */
    private static boolean isKnown(CsvFormat format) {
        return ENCODINGS.containsKey(format.charset()) && format.byteOrderMark() == CsvFormat.ByteOrderMark.ABSENT;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void should_be_read_back_by_copy(Dialects.Case dialect) throws Exception {
        CsvFormat format = dialect.format();
        Encodable encodable = new Encodable(format.charset());
        List<@Nullable String> cells = Tables.NASTY.stream()
                .filter(cell -> cell == null || encodable.carries(cell))
                .toList();

        assertReadBack(format, Tables.rowsOf(cells));
        if (format.problems(Tables.layout(1)).isEmpty()) {
            assertReadBack(format, Tables.columnOf(cells));
        }
    }

    @Test
    void should_be_read_back_by_copy_whatever_the_table_and_the_dialect() throws Exception {
        int read = 0;
        // neighbouring seeds have the same first numbers, and so the same charsets
        for (int seed = 0; seed < 600; seed++) {
            Random random = new Random(seed * 1_000_003L);
            CsvFormat format = CsvRoundTripTest.anyDialect(random);
            List<@Nullable String[]> rows = CsvRoundTripTest.anyTable(random, format);
            boolean nul = rows.stream().flatMap(Stream::of).anyMatch(cell -> cell != null && cell.indexOf('\0') >= 0);
            if (nul
                    || !isKnown(format)
                    || !format.problems(Tables.layout(rows.get(0).length)).isEmpty()) {
                continue; // PostgreSQL has no NUL in texts
            }
            try {
                assertReadBack(format, rows);
            } catch (AssertionError | SQLException e) {
                throw new AssertionError("table " + seed + " as " + format, e);
            }
            read++;
        }
        assertThat(read).isGreaterThan(100);
    }

    private static void assertReadBack(CsvFormat format, List<@Nullable String[]> rows) throws Exception {
        // without a null text an empty cell is whatever the reader wants: here, an empty text
        String nulls = format.tellsNull() ? format.nullText().orElse("") : "no null ever comes";
        List<List<@Nullable String>> expected = Tables.expected(rows, format.tellsNull() ? null : "");
        assertThat(copy(format, nulls, rows)).as("%s", format).isEqualTo(expected);
    }

    private static List<List<@Nullable String>> copy(CsvFormat format, String nulls, List<@Nullable String[]> rows)
            throws Exception {
        List<String> columns = Tables.layout(rows.get(0).length).headers();
        try (Statement statement = connection().createStatement()) {
            statement.execute("DROP TABLE IF EXISTS t");
            statement.execute("CREATE TEMP TABLE t ("
                    + columns.stream().map(name -> name + " text").collect(Collectors.joining(", ")) + ")");
        }
        connection()
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "COPY t FROM STDIN WITH (FORMAT csv, DELIMITER "
                                + literal(Character.toString(format.delimiter()))
                                + ", QUOTE "
                                + literal(Character.toString(format.quote().character()))
                                + ", ESCAPE "
                                + literal(
                                        format.escape() == CsvFormat.Escape.BACKSLASH
                                                ? "\\"
                                                : Character.toString(
                                                        format.quote().character()))
                                + ", NULL " + literal(nulls)
                                + ", HEADER " + (format.header() == Header.PRESENT)
                                + ", ENCODING " + literal(String.valueOf(ENCODINGS.get(format.charset()))) + ")",
                        new ByteArrayInputStream(Tables.write(format, rows)));
        List<List<@Nullable String>> read = new ArrayList<>();
        try (Statement statement = connection().createStatement();
                ResultSet results = statement.executeQuery("SELECT * FROM t ORDER BY ctid")) {
            while (results.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    row.add(results.getString(i));
                }
                read.add(row);
            }
        }
        return read;
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\t", "\\t") + "'";
    }
}
