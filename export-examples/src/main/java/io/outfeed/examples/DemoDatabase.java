package io.outfeed.examples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The database of the host, in memory, with invented records of two tenants; and what its users do in the demonstration. */
final class DemoDatabase implements AutoCloseable {

    private static final List<String> KINDS = List.of("CALL", "VISIT", "EMAIL", "EVENT");
    private static final List<String> CHANNELS = List.of("phone", "in person", "online", "campus");
    private static final List<String> STATUSES = List.of("APPLIED", "WAITLISTED", "APPROVED", "APPROVED", "WITHDRAWN");
    private static final List<String> NOTES = List.of(
            "Left a message, will call again",
            "Asked for the \"Class of 1998\" brochure",
            "Besuch in Zürich, sehr freundlich; möchte im Frühjahr zurückkommen",
            "Loved the spring concert 🎉, sent thanks 🙏",
            "  Prefers email: \"no calls before 10\", please  ",
            "Met at the open house.\nWants to see the science wing next time.",
            "Tour of the campus 🏫, then lunch 🥗 with two trustees; talked about the library, the new boat house, "
                    + "the scholarship fund and the reunion 🎓, and promised a follow-up within the month");

    private final JdbcDataSource dataSource = new JdbcDataSource();
    private final Connection connection;
    private final Clock clock;
    private final Random random = new Random(1998);

    private DemoDatabase(Clock clock) throws SQLException {
        this.clock = clock;
        dataSource.setURL("jdbc:h2:mem:host"); // it is there as long as a connection is
        this.connection = dataSource.getConnection();
    }

    static DemoDatabase create(Clock clock) throws SQLException {
        DemoDatabase database = new DemoDatabase(clock);
        try (Statement statement = database.connection.createStatement()) {
            statement.execute("RUNSCRIPT FROM 'classpath:io/outfeed/examples/schema.sql'");
        }
        database.insertInteractions("lakeside", "IL", 2_400);
        database.insertInteractions("hillcrest", "IH", 600);
        database.insertRegistrations("lakeside", "RL", 500);
        database.insertRegistrations("hillcrest", "RH", 100);
        return database;
    }

    DataSource dataSource() {
        return dataSource;
    }

    long count(String table, String tenant) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT COUNT(*) FROM " + table + " WHERE tenant LIKE ?")) {
            statement.setString(1, tenant);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    // ---- what users do

    /** Somebody corrects the notes of a few interactions of Lakeside. */
    int editInteractions(int count) throws SQLException {
        List<String> ids = ids("interactions", "kind = 'CALL'", count);
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE interactions SET note = ?, updated_at = ? WHERE interaction_id = ANY (?)")) {
            statement.setString(1, "Reached at last, \"call again in May\" 📞");
            statement.setObject(2, now());
            statement.setObject(3, ids.toArray());
            return statement.executeUpdate();
        }
    }

    /** Somebody adds interactions to Lakeside. */
    int addInteractions(int count) throws SQLException {
        try (PreparedStatement insert = insertInteraction()) {
            for (int i = 0; i < count; i++) {
                addInteraction(insert, "lakeside", String.format(Locale.ROOT, "IL-9%04d", i), now());
            }
            return insert.executeBatch().length;
        }
    }

    /** The office approves registrations of Lakeside that were waitlisted, and each is synced. */
    int approveAndSync(int count) throws SQLException {
        List<String> ids = ids("registrations", "status = 'WAITLISTED'", count);
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE registrations SET status = 'APPROVED' WHERE registration_id = ANY (?)")) {
            statement.setObject(1, ids.toArray());
            statement.executeUpdate();
        }
        return sync("registration_id = ANY (?)", now(), (Object) ids.toArray());
    }

    /** The office corrects the grade of registrations of Lakeside that were approved, and does not sync them yet. */
    int editWithoutSync(int count) throws SQLException {
        List<String> ids = ids("registrations", "status = 'APPROVED'", count);
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE registrations SET grade = MOD(grade + 1, 13) WHERE registration_id = ANY (?)")) {
            statement.setObject(1, ids.toArray());
            return statement.executeUpdate();
        }
    }

    /** A registration of Lakeside in a status, for a preview. */
    String registrationIn(String status) throws SQLException {
        return ids("registrations", "status = '" + status + "'", 1).get(0);
    }

    // ---- how the tables are filled

    private void insertInteractions(String tenant, String prefix, int count) throws SQLException {
        Instant now = clock.instant();
        try (PreparedStatement insert = insertInteraction()) {
            for (int i = 1; i <= count; i++) {
                Duration age = Duration.ofMinutes(10).plusSeconds(random.nextInt(90 * 24 * 3600));
                addInteraction(insert, tenant, String.format(Locale.ROOT, "%s-%05d", prefix, i), at(now.minus(age)));
            }
            insert.executeBatch();
        }
    }

    private PreparedStatement insertInteraction() throws SQLException {
        return connection.prepareStatement("INSERT INTO interactions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    private void addInteraction(PreparedStatement insert, String tenant, String id, OffsetDateTime updatedAt)
            throws SQLException {
        insert.setString(1, id);
        insert.setString(2, tenant);
        insert.setString(3, "C-" + (10_000 + random.nextInt(900)));
        insert.setString(4, oneOf(KINDS));
        insert.setObject(5, updatedAt.toLocalDate().minusDays(random.nextInt(5)));
        insert.setString(6, oneOf(CHANNELS));
        insert.setString(7, random.nextInt(5) == 0 ? null : oneOf(NOTES));
        insert.setString(8, "S-" + (100 + random.nextInt(20)));
        insert.setObject(9, updatedAt);
        insert.addBatch();
    }

    private void insertRegistrations(String tenant, String prefix, int count) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO registrations VALUES (?, ?, ?, ?, ?, ?, 'APPLIED', ?, ?)")) {
            for (int i = 1; i <= count; i++) {
                int year = 2025 + random.nextInt(3);
                insert.setString(1, String.format(Locale.ROOT, "%s-%04d", prefix, i));
                insert.setString(2, tenant);
                insert.setString(3, "ST-" + (20_000 + random.nextInt(5_000)));
                insert.setString(4, year + "-" + (year + 1));
                insert.setInt(5, random.nextInt(13));
                insert.setString(6, random.nextInt(4) == 0 ? "BOARDING" : "DAY");
                insert.setObject(7, LocalDate.of(year, 8, 25 + random.nextInt(6)));
                insert.setBoolean(8, random.nextBoolean());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        // Each was synced when it was made, and again when it was decided upon.
        OffsetDateTime now = now();
        sync("tenant = ?", now.minusDays(30), tenant);
        try (PreparedStatement decide =
                connection.prepareStatement("UPDATE registrations SET status = ? WHERE registration_id = ?")) {
            for (int i = 1; i <= count; i++) {
                decide.setString(1, oneOf(STATUSES));
                decide.setString(2, String.format(Locale.ROOT, "%s-%04d", prefix, i));
                decide.addBatch();
            }
            decide.executeBatch();
        }
        sync("tenant = ? AND status <> 'APPLIED'", now.minusDays(2), tenant);
    }

    /** Appends a copy of registrations to the outbox. */
    private int sync(String condition, OffsetDateTime at, Object parameter) throws SQLException {
        String sql = """
                INSERT INTO registration_outbox (registration_id, tenant, student_id, school_year, grade, program,
                    status, starts_on, financial_aid, synced_at)
                SELECT registrations.*, CAST(? AS TIMESTAMP(6) WITH TIME ZONE) FROM registrations WHERE
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql + condition)) {
            statement.setObject(1, at);
            statement.setObject(2, parameter);
            return statement.executeUpdate();
        }
    }

    private List<String> ids(String table, String condition, int count) throws SQLException {
        String key = table.equals("interactions") ? "interaction_id" : "registration_id";
        List<String> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + key + " FROM " + table
                + " WHERE tenant = 'lakeside' AND " + condition + " ORDER BY " + key + " FETCH FIRST ? ROWS ONLY")) {
            statement.setInt(1, count);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
        }
        return ids;
    }

    private OffsetDateTime now() {
        return at(clock.instant());
    }

    /** As the column keeps it; cut off and not rounded, so that no change lies in the future. */
    private static OffsetDateTime at(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
