package io.outfeed.benchmarks;

import io.outfeed.ExportDefinition;
import io.outfeed.field.Fields;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.JdbcRecordSource.Transport;
import io.outfeed.jdbc.Row;
import io.outfeed.watermark.Watermark;
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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Writes a table of a PostgreSQL server to a CSV file, by one of several libraries. It can be a process of its own, for
 * a time without warm-up: that of the JVM's start is not counted.
 */
final class PostgresExports {

    private static final int FETCH_SIZE = 1_000;
    private static final int BUFFER = 64 * 1024;
    /** What the line of a process begins with that says how long it took, and what it wrote. */
    static final String WRITTEN = "written ";

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
    enum Approach {
        CURSOR("cursor, discarded"),
        COPY_MANAGER("CopyManager, CSV"),
        COMMONS("cursor, CSVPrinter"),
        SPRING_BATCH("Spring Batch"),
        CAMEL("Camel"),
        OUTFEED_CURSOR("Outfeed, rows by CURSOR"),
        OUTFEED_COPY("Outfeed, rows by COPY"),
        OUTFEED_RECORDS("Outfeed, records by COPY");

        final String title;

        Approach(String title) {
            this.title = title;
        }

        /** Returns whether its file is the same as that of the others, byte for byte. */
        boolean isCompared() {
            return this != CURSOR && this != COPY_MANAGER;
        }
    }

    /** A row as a record, in the order of the columns. */
    record Person(
            long id,
            int number1,
            long number2,
            @Nullable BigDecimal amount1,
            @Nullable BigDecimal amount2,
            Instant changedAt,
            Instant createdAt,
            LocalDate bornOn,
            LocalDate joinedOn,
            boolean active,
            boolean archived,
            String status,
            String email,
            @Nullable String school,
            String place,
            String note,
            String mark,
            String checksum,
            int score,
            long reference) {

        private static Fields<Person> fields() {
            return Fields.builder(Person.class)
                    .field("id", Person::id)
                    .field("number_1", Person::number1)
                    .field("number_2", Person::number2)
                    .field("amount_1", Person::amount1)
                    .field("amount_2", Person::amount2)
                    .field("changed_at", Person::changedAt)
                    .field("created_at", Person::createdAt)
                    .field("born_on", Person::bornOn)
                    .field("joined_on", Person::joinedOn)
                    .field("active", Person::active)
                    .field("archived", Person::archived)
                    .field("status", Person::status)
                    .field("email", Person::email)
                    .field("school", Person::school)
                    .field("place", Person::place)
                    .field("note", Person::note)
                    .field("mark", Person::mark)
                    .field("checksum", Person::checksum)
                    .field("score", Person::score)
                    .field("reference", Person::reference)
                    .build();
        }
    }

    private final DataSource database;

    PostgresExports(DataSource database) {
        this.database = database;
    }

    /** Of the arguments: the URL of the database, the approach, and a directory for its files. */
    public static void main(String[] args) throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[0]);
        WrittenFile written = new PostgresExports(database).write(Approach.valueOf(args[1]), Path.of(args[2]));
        System.out.println(WRITTEN + written.nanos() + " " + written.bytes() + " " + written.sha256());
    }

    /** Makes the table. */
    void createTable(int records) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE.replace("RECORDS", Integer.toString(records)));
            statement.execute("ALTER TABLE records ADD PRIMARY KEY (id)");
            statement.execute("VACUUM ANALYZE records");
        }
    }

    /** Writes the file into a directory that is empty. */
    WrittenFile write(Approach approach, Path directory) throws Exception {
        return switch (approach) {
            case CURSOR -> {
                long start = System.nanoTime();
                read(values -> {});
                yield WrittenFile.uncompared(System.nanoTime() - start);
            }
            case COPY_MANAGER -> byCopyManager(directory);
            case COMMONS -> byCommonsCsv(directory);
            case SPRING_BATCH ->
                byOthers(
                        directory,
                        file -> SpringBatchExport.write(database, QUERY, columns(), PostgresExports::texts, file));
            case CAMEL ->
                byOthers(directory, file -> CamelExport.write(database, QUERY, columns(), PostgresExports::text, file));
            case OUTFEED_CURSOR -> exportRows(directory, Transport.CURSOR);
            case OUTFEED_COPY -> exportRows(directory, Transport.COPY);
            case OUTFEED_RECORDS ->
                export(directory, source(Person.class, Transport.COPY), Person.class, Person::id, Person.fields());
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

    private WrittenFile byCommonsCsv(Path directory) throws Exception {
        Path file = directory.resolve(WrittenFile.NAME);
        long start = System.nanoTime();
        try (FileOutputStream out = new FileOutputStream(file.toFile());
                Writer writer = new BufferedWriter(new OutputStreamWriter(
                        new DigestOutputStream(out, MessageDigest.getInstance("SHA-256")), StandardCharsets.UTF_8))) {
            CSVPrinter printer = new CSVPrinter(writer, CSVFormat.RFC4180);
            printer.printRecord(columns());
            read(values -> printer.printRecord(
                    Arrays.stream(values).map(PostgresExports::text).toArray()));
            writer.flush();
            out.getFD().sync();
        }
        long nanos = System.nanoTime() - start;
        try (InputStream in = Files.newInputStream(file)) {
            return WrittenFile.in(nanos, in);
        }
    }

    /** Writes a file. */
    private interface FileWriting {
        void write(Path file) throws Exception;
    }

    /** Lets another library write the file, and adds what it does not: the hash and the flush to the disk. */
    private static WrittenFile byOthers(Path directory, FileWriting writing) throws Exception {
        Path file = directory.resolve(WrittenFile.NAME);
        long start = System.nanoTime();
        writing.write(file);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long bytes;
        try (InputStream in = Files.newInputStream(file);
                FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
            bytes = in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            written.force(true);
        }
        return new WrittenFile(System.nanoTime() - start, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private static @Nullable Object[] texts(ResultSet row) throws SQLException {
        return Arrays.stream(values(row)).map(PostgresExports::text).toArray();
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
    private WrittenFile byCopyManager(Path directory) throws Exception {
        Path file = directory.resolve(WrittenFile.NAME);
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
        return WrittenFile.uncompared(System.nanoTime() - start);
    }

    private WrittenFile exportRows(Path directory, Transport transport) throws Exception {
        JdbcRecordSource<Row> rows = source(Row.class, transport);
        return export(directory, rows, Row.class, row -> row.number("id"), rows.columns());
    }

    private <T> JdbcRecordSource<T> source(Class<T> type, Transport transport) {
        return JdbcRecordSource.builder(database, type)
                .query(QUERY)
                .transport(transport)
                .build();
    }

    private static <T> WrittenFile export(
            Path directory, JdbcRecordSource<T> source, Class<T> type, Function<T, Object> key, Fields<T> fields)
            throws Exception {
        ExportDefinition<T> records = ExportDefinition.builder("records", type)
                .source(source)
                .recordKey(key)
                .watermark(Watermark.fullSnapshot())
                .fields(fields)
                .file(f -> f.name(WrittenFile.NAME))
                .build();
        return WrittenFile.export(records, directory);
    }
}
