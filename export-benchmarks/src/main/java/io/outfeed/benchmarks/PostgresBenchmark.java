package io.outfeed.benchmarks;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.Row;
import io.outfeed.run.ExportRun;
import io.outfeed.watermark.Watermark;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes a table of a PostgreSQL server on this machine to a CSV file, in turns and in one JVM, and prints medians of
 * the ratios to a cursor that reads all values and discards them. The files must be the same, byte for byte: they are
 * compared by SHA-256, off the clock.
 *
 * <p>Outfeed is measured as a host has it, by a job without deliveries: source, record key, mapping, file, SHA-256,
 * fsync, and the state in its store, by both transports. Spring Batch and Camel do what their guides show, and
 * commons-csv is used in a loop by hand; their files are hashed and flushed too. The driver's own COPY has the texts of
 * the server, and is not compared.
 */
final class PostgresBenchmark {

    private static final int WARM_UPS = 2;
    private static final int FETCH_SIZE = 1_000;
    private static final int BUFFER = 64 * 1024;
    private static final String QUERY = "SELECT * FROM records ORDER BY id";

    private static final String TABLE = """
            CREATE TABLE records AS SELECT
                i AS id,
                (i * 7919 % 1000003)::integer AS number_1,
                (i * 104729 % 999983) AS number_2,
                round(i * 31 % 1000000 / 100.0, 2)::numeric(12, 2) AS amount_1,
                CASE WHEN i % 20 = 0 THEN NULL ELSE round(i * 17 % 10000000 / 100.0, 2) END::numeric(12, 2) AS amount_2,
                timestamptz '2026-01-01 00:00:00Z' + i * interval '1.001 seconds' AS changed_at,
                timestamptz '2020-01-01 00:00:00Z' + i * interval '61 seconds' AS created_at,
                date '2000-01-01' + (i % 9000)::integer AS born_on,
                date '2020-01-01' + (i % 900)::integer AS joined_on,
                i % 3 = 0 AS active,
                i % 7 = 0 AS archived,
                (ARRAY['OPEN', 'CLOSED', 'WAITING'])[(1 + i % 3)::integer] AS status,
                'person-' || i % 5000 || '@lakeside.example' AS email,
                CASE WHEN i % 20 = 1 THEN NULL ELSE 'Lakeside College ' || i % 50 END AS school,
                CASE WHEN i % 10 = 0 THEN 'Boat house, old "' || i % 9 || '"' ELSE 'Zürich' END AS place,
                'a note that an employee has typed after a long call ' || i % 100 AS note,
                'x' AS mark,
                md5(i::text) AS checksum,
                (i % 100)::smallint AS score,
                i * 1000003 AS reference
            FROM generate_series(1::bigint, RECORDS) AS i""";

    /** One approach to writing a file. */
    private enum Approach {
        CURSOR("cursor, discarded"),
        COPY_MANAGER("CopyManager, CSV"),
        COMMONS("cursor, CSVPrinter"),
        SPRING_BATCH("Spring Batch"),
        CAMEL("Camel"),
        OUTFEED_CURSOR("Outfeed, CURSOR"),
        OUTFEED_COPY("Outfeed, COPY");

        private final String title;

        Approach(String title) {
            this.title = title;
        }
    }

    /** The bytes of a file, or of none, and how long it took. */
    private record Written(double seconds, String sha256) {

        private static Written in(long nanos, InputStream file) throws IOException, NoSuchAlgorithmException {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            file.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return new Written(nanos / 1e9, HexFormat.of().formatHex(digest.digest()));
        }
    }

    private final DataSource database;
    private final Path home;

    private PostgresBenchmark(DataSource database, Path home) {
        this.database = database;
        this.home = home;
    }

    /** Of the arguments: the number of records, and the number of rounds. */
    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Path home = Files.createTempDirectory("postgres-benchmark");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            DataSource database = postgres.getPostgresDatabase();
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(TABLE.replace("RECORDS", Integer.toString(records)));
                statement.execute("ALTER TABLE records ADD PRIMARY KEY (id)");
                statement.execute("VACUUM ANALYZE records");
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d records of 20 columns on %d processors, %d interleaved rounds: medians of the ratios, with"
                            + " the smallest and the largest%n",
                    records,
                    Runtime.getRuntime().availableProcessors(),
                    rounds);
            new PostgresBenchmark(database, home).run(rounds);
        } finally {
            CsvBenchmark.delete(home);
        }
    }

    private void run(int rounds) throws Exception {
        Map<Approach, List<Double>> ratios = new EnumMap<>(Approach.class);
        List<Double> seconds = new ArrayList<>();
        for (int round = -WARM_UPS; round < rounds; round++) {
            Map<Approach, Written> written = new EnumMap<>(Approach.class);
            for (Approach approach : Approach.values()) {
                Path directory = Files.createDirectory(home.resolve("round"));
                written.put(approach, write(approach, directory));
                CsvBenchmark.delete(directory);
            }
            Written base = get(written, Approach.CURSOR);
            Set<String> files = Stream.of(Approach.values())
                    .filter(approach -> approach != Approach.CURSOR && approach != Approach.COPY_MANAGER)
                    .map(approach -> get(written, approach).sha256())
                    .collect(Collectors.toSet());
            if (files.size() > 1) {
                throw new IOException("the files differ");
            }
            if (round >= 0) {
                seconds.add(base.seconds());
                written.forEach((approach, each) -> ratios.computeIfAbsent(approach, key -> new ArrayList<>())
                        .add(each.seconds() / base.seconds()));
            }
        }
        System.out.printf(Locale.ROOT, "the cursor takes %.2f s%n", CsvBenchmark.median(seconds));
        ratios.forEach((approach, each) -> System.out.printf(
                Locale.ROOT,
                "%-20s %.2f (%.2f to %.2f)%n",
                approach.title,
                CsvBenchmark.median(each),
                each.stream().mapToDouble(ratio -> ratio).min().orElseThrow(),
                each.stream().mapToDouble(ratio -> ratio).max().orElseThrow()));
    }

    private static Written get(Map<Approach, Written> written, Approach approach) {
        Written found = written.get(approach);
        if (found == null) {
            throw new AssertionError(approach);
        }
        return found;
    }

    private Written write(Approach approach, Path directory) throws Exception {
        return switch (approach) {
            case CURSOR -> {
                long start = System.nanoTime();
                read(values -> {});
                yield new Written((System.nanoTime() - start) / 1e9, "");
            }
            case COPY_MANAGER -> byCopyManager(directory);
            case COMMONS -> byCommonsCsv(directory);
            case SPRING_BATCH ->
                byOthers(
                        directory,
                        file -> SpringBatchExport.write(database, QUERY, columns(), PostgresBenchmark::texts, file));
            case CAMEL ->
                byOthers(
                        directory,
                        file -> CamelExport.write(database, QUERY, columns(), PostgresBenchmark::text, file));
            case OUTFEED_CURSOR -> export(directory, Transport.CURSOR);
            case OUTFEED_COPY -> export(directory, Transport.COPY);
        };
    }

    /** Receives the values of a row. */
    private interface Values {
        void accept(@Nullable Object[] values) throws IOException;
    }

    /** Reads all rows by a cursor, each value by the class that is usual for it. */
    private void read(Values rows) throws SQLException, IOException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement(QUERY)) {
                query.setFetchSize(FETCH_SIZE);
                try (ResultSet result = query.executeQuery()) {
                    while (result.next()) {
                        rows.accept(values(result));
                    }
                }
            }
        }
    }

    private static @Nullable Object[] values(ResultSet row) throws SQLException {
        return new @Nullable Object[] {
            row.getLong(1),
            row.getInt(2),
            row.getLong(3),
            row.getBigDecimal(4),
            row.getBigDecimal(5),
            row.getObject(6, OffsetDateTime.class),
            row.getObject(7, OffsetDateTime.class),
            row.getObject(8, LocalDate.class),
            row.getObject(9, LocalDate.class),
            row.getBoolean(10),
            row.getBoolean(11),
            row.getString(12),
            row.getString(13),
            row.getString(14),
            row.getString(15),
            row.getString(16),
            row.getString(17),
            row.getString(18),
            row.getInt(19),
            row.getLong(20)
        };
    }

    private static @Nullable Object text(@Nullable Object value) {
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof Timestamp time) {
            return time.toInstant();
        }
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value;
    }

    private Written byCommonsCsv(Path directory) throws Exception {
        Path file = directory.resolve("records.csv");
        long start = System.nanoTime();
        try (FileOutputStream out = new FileOutputStream(file.toFile());
                Writer writer = new BufferedWriter(new OutputStreamWriter(
                        new DigestOutputStream(out, MessageDigest.getInstance("SHA-256")), StandardCharsets.UTF_8))) {
            CSVPrinter printer = new CSVPrinter(writer, CSVFormat.RFC4180);
            printer.printRecord(columns());
            read(values -> printer.printRecord(
                    Arrays.stream(values).map(PostgresBenchmark::text).toArray()));
            writer.flush();
            out.getFD().sync();
        }
        long nanos = System.nanoTime() - start;
        try (InputStream in = Files.newInputStream(file)) {
            return Written.in(nanos, in);
        }
    }

    /** Writes a file. */
    private interface FileWriting {
        void write(Path file) throws Exception;
    }

    /** Lets another library write the file, and adds what it does not: the hash and the flush to the disk. */
    private static Written byOthers(Path directory, FileWriting writing) throws Exception {
        Path file = directory.resolve("records.csv");
        long start = System.nanoTime();
        writing.write(file);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(file);
                FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            written.force(true);
        }
        return new Written((System.nanoTime() - start) / 1e9, HexFormat.of().formatHex(digest.digest()));
    }

    private static @Nullable Object[] texts(ResultSet row) throws SQLException {
        return Arrays.stream(values(row)).map(PostgresBenchmark::text).toArray();
    }

    /** The names of the columns, as the table was made with them. */
    private static List<String> columns() {
        try (Stream<String> lines = TABLE.lines()) {
            return lines.filter(line -> line.contains(" AS ") && !line.contains("CREATE") && !line.contains("FROM"))
                    .map(line -> line.substring(line.lastIndexOf(" AS ") + 4).replace(",", ""))
                    .collect(Collectors.toList());
        }
    }

    /** The server writes the CSV, with its own texts of times and booleans: the file is not the same. */
    private Written byCopyManager(Path directory) throws Exception {
        Path file = directory.resolve("records.csv");
        long start = System.nanoTime();
        try (FileOutputStream out = new FileOutputStream(file.toFile());
                OutputStream hashed = new BufferedOutputStream(
                        new DigestOutputStream(out, MessageDigest.getInstance("SHA-256")), BUFFER);
                Connection connection = database.getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + QUERY + ") TO STDOUT (FORMAT csv, HEADER)", hashed);
            hashed.flush();
            out.getFD().sync();
        }
        return new Written((System.nanoTime() - start) / 1e9, "");
    }

    private Written export(Path directory, Transport transport) throws Exception {
        JdbcRecordSource<Row> rows = JdbcRecordSource.builder(database, Row.class)
                .query(QUERY)
                .transport(transport)
                .build();
        ExportDefinition<Row> records = ExportDefinition.builder("records", Row.class)
                .source(rows)
                .recordKey(row -> row.number("id"))
                .watermark(Watermark.fullSnapshot())
                .fields(rows.columns())
                .file(f -> f.name("records.csv"))
                .build();
        long start = System.nanoTime();
        try (ExportEngine engine = ExportEngine.builder().directory(directory).build()) {
            ExportRun run =
                    engine.add(ExportJob.builder("records", records).build()).runNow();
            long nanos = System.nanoTime() - start;
            try (InputStream in = engine.run(run.number()).open("records.csv")) {
                return Written.in(nanos, in);
            }
        }
    }
}
