package io.outfeed.examples;

import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Window;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Compares what arrived at the receiver with the database of the host.
 *
 * <p>It shares nothing with the exports: the expected columns are computed in SQL, and the files are read from where
 * they lie at the SFTP server. A difference names file, key and column, never a value.
 */
final class Comparison {

    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    private static final String INTERACTIONS = """
            SELECT interaction_id,
                constituent_id,
                DECODE(kind, 'CALL', 'C', 'VISIT', 'V', 'EMAIL', 'M', 'EVENT', 'E') AS kind,
                CAST(occurred_on AS VARCHAR) AS occurred_on,
                UPPER(channel) AS channel,
                REGEXP_REPLACE(TRIM(note), '^(.{120}).*$', '$1', 'n') AS note,
                FORMATDATETIME(updated_at AT TIME ZONE 'UTC', 'yyyy-MM-dd HH:mm:ss') AS updated_at
            FROM interactions
            WHERE tenant = 'lakeside'
            """;

    private static final String REGISTRATIONS = """
            SELECT registration_id,
                student_id,
                school_year,
                CASE grade WHEN 0 THEN 'KG' ELSE LPAD(CAST(grade AS VARCHAR), 2, '0') END AS grade,
                SUBSTRING(program FROM 1 FOR 1) AS program,
                'ENR' AS status,
                FORMATDATETIME(starts_on, 'MM/dd/yyyy') AS starts_on
            FROM registration_outbox AS copy
            WHERE tenant = 'lakeside' AND status = 'APPROVED' AND synced_at >= ? AND synced_at < ?
                AND NOT EXISTS (SELECT * FROM registration_outbox AS later
                    WHERE later.registration_id = copy.registration_id AND later.outbox_id > copy.outbox_id)
            """;

    private static final String SCHOOL_YEARS = "SELECT DISTINCT school_year FROM (" + REGISTRATIONS + ")";

    private final DataSource database;
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Map<String, String>> latestInteractions = new HashMap<>();
    private final Map<String, Sha256.Digest> exports = new TreeMap<>();

    /** What the mail about a file must say, by its link. */
    private final Map<String, List<String>> links = new TreeMap<>();

    private long rows;
    private int copies;

    Comparison(DataSource database) {
        this.database = database;
    }

    /** Compares the file of a run that has just ended with the rows that changed in its window. */
    void interactions(ExportRun run, Path directory) throws IOException, SQLException {
        StagedFile file = run.files().get(0);
        Map<String, Map<String, String>> received = received(file, directory);
        exports.put(file.name(), Sha256.of(directory.resolve(file.path())));
        links.put(
                DemoMailServer.link(run, file).toString(),
                List.of(file.path(), file.rows() + " rows, " + file.bytes() + " bytes"));
        compare(file.name(), received, INTERACTIONS + " AND updated_at >= ? AND updated_at < ?", bounds(run));
        latestInteractions.putAll(received);
    }

    /** Compares what the receiver knows, after all files, with all that the host has. */
    void interactionsAfterAll() throws SQLException {
        compare("all files of interactions", latestInteractions, INTERACTIONS);
    }

    /** Compares the files of a run that has just ended with the copies that were synced in its window. */
    void registrations(ExportRun run, Path directory) throws IOException, SQLException {
        Set<String> folders = new HashSet<>(expected(SCHOOL_YEARS, bounds(run)).keySet());
        for (StagedFile file : run.files()) {
            if (!folders.remove(file.folder())) {
                differences.add(file.path() + ": no record belongs into this folder");
            }
            List<Object> parameters = new ArrayList<>(List.of(bounds(run)));
            parameters.add(file.folder());
            compare(
                    file.path(),
                    received(file, directory),
                    REGISTRATIONS + " AND school_year = ?",
                    parameters.toArray());
        }
        folders.forEach(folder -> differences.add(folder + ": the folder has no file"));
    }

    /** Compares the files of a run at another destination with those that were staged. */
    void copies(ExportRun run, Path directory) throws IOException {
        for (StagedFile file : run.files()) {
            compareBytes(file, directory);
        }
        copies += run.files().size();
    }

    /** Compares attachments with the files at the SFTP server: each recipient has each file once, byte for byte. */
    void attachments(List<DemoMail> mails, List<String> recipients) {
        Map<String, Integer> missing = new TreeMap<>();
        exports.keySet().forEach(name -> recipients.forEach(to -> missing.put(name + " to " + to, 1)));
        for (DemoMail mail : mails) {
            String what = mail.attachment() + " to " + mail.to();
            missing.merge(what, -1, Integer::sum);
            if (!new Sha256.Digest(mail.bytes(), mail.sha256()).equals(exports.get(mail.attachment()))) {
                differences.add(what + ": the attachment is not the file at the SFTP server");
            }
        }
        compareMails(missing);
    }

    /** Compares the mails about files with the files: one for each, with its name, size and link. */
    void notices(List<DemoNotice> received, String recipient) {
        Map<String, Integer> missing = new TreeMap<>();
        links.forEach((link, lines) -> missing.put(link + " to " + recipient, 1));
        for (DemoNotice notice : received) {
            for (String link : notice.links()) {
                String what = link + " to " + notice.to();
                missing.merge(what, -1, Integer::sum);
                if (!notice.lines().containsAll(links.getOrDefault(link, List.of()))) {
                    differences.add(what + ": the mail does not say name, rows and bytes");
                }
            }
        }
        compareMails(missing);
    }

    /** How many files were exported to mailboxes. */
    int exports() {
        return exports.size();
    }

    long rows() {
        return rows;
    }

    /** How many files were compared byte for byte at a second or third destination. */
    int copies() {
        return copies;
    }

    List<String> differences() {
        return List.copyOf(differences);
    }

    // ---- what arrived

    private void compareMails(Map<String, Integer> missing) {
        missing.forEach((what, count) -> {
            if (count != 0) {
                differences.add(what + ": " + (count > 0 ? "no mail" : "too many mails"));
            }
        });
    }

    private void compareBytes(StagedFile staged, Path directory) throws IOException {
        Path file = directory.resolve(staged.path());
        if (!Files.isRegularFile(file)) {
            differences.add(file + ": is missing");
        } else if (!Sha256.of(file).equals(new Sha256.Digest(staged.bytes(), staged.sha256()))) {
            differences.add(file + ": the bytes are not those that were staged");
        }
    }

    private Map<String, Map<String, String>> received(StagedFile staged, Path directory) throws IOException {
        Path file = directory.resolve(staged.path());
        compareBytes(staged, directory);
        Map<String, Map<String, String>> received = new TreeMap<>();
        try (CSVParser parser = CSVParser.parse(Files.newBufferedReader(file, StandardCharsets.UTF_8), CSV)) {
            for (CSVRecord row : parser) {
                if (received.put(row.get(0), row.toMap()) != null) {
                    differences.add(staged.path() + ", " + row.get(0) + ": appears twice");
                }
            }
        }
        return received;
    }

    // ---- what the database says

    private static Object[] bounds(ExportRun run) {
        Window window = run.windows().values().iterator().next();
        return new Object[] {
            window.from().toInstant().atOffset(ZoneOffset.UTC),
            window.until().toInstant().atOffset(ZoneOffset.UTC)
        };
    }

    private Map<String, Map<String, String>> expected(String sql, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            Map<String, Map<String, String>> expected = new TreeMap<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    expected.put(result.getString(1), row(result));
                }
            }
            return expected;
        }
    }

    private static Map<String, String> row(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        Map<String, String> row = new TreeMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String value = result.getString(i);
            row.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), value == null ? "" : value);
        }
        return row;
    }

    // ---- both

    private void compare(String what, Map<String, Map<String, String>> received, String sql, Object... parameters)
            throws SQLException {
        Map<String, Map<String, String>> expected = expected(sql, parameters);
        rows += expected.size();
        expected.forEach((key, row) -> {
            Map<String, String> other = received.get(key);
            if (other == null) {
                differences.add(what + ", " + key + ": is missing");
            } else {
                compareRow(what + ", " + key, other, row);
            }
        });
        received.keySet().stream()
                .filter(key -> !expected.containsKey(key))
                .forEach(key -> differences.add(what + ", " + key + ": should not be there"));
    }

    private void compareRow(String what, Map<String, String> received, Map<String, String> expected) {
        Set<String> columns = new TreeSet<>(expected.keySet());
        columns.addAll(received.keySet());
        for (String column : columns) {
            if (!Objects.equals(received.get(column), expected.get(column))) {
                differences.add(what + ": column " + column);
            }
        }
    }
}
