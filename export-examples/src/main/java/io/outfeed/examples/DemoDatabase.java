package io.outfeed.examples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/** The database of the host, in memory, and what its users do with it during the demonstration. */
final class DemoDatabase implements AutoCloseable {

    private final JdbcDataSource dataSource = new JdbcDataSource();
    private final Connection connection;
    private final Clock clock;

    private DemoDatabase(Clock clock) throws SQLException {
        this.clock = clock;
        dataSource.setURL("jdbc:h2:mem:host"); // it is there as long as a connection is
        connection = dataSource.getConnection();
    }

    /** Makes the tables and fills them with records of two tenants. */
    static DemoDatabase create(Clock clock) throws SQLException {
        DemoDatabase database = new DemoDatabase(clock);
        database.update("RUNSCRIPT FROM 'classpath:io/outfeed/examples/schema.sql'");
        DemoRecords records = new DemoRecords(database);
        records.insert("lakeside", "L", 2_400, 500);
        records.insert("hillcrest", "H", 600, 100);
        return database;
    }

    DataSource dataSource() {
        return dataSource;
    }

    // ---- what users do

    /** Corrects the notes of a few calls. */
    int editInteractions(int count) throws SQLException {
        return update("""
                UPDATE interactions SET note = 'Reached at last, "call again in May" 📞', updated_at = ?
                WHERE tenant = 'lakeside' AND kind = 'CALL'
                FETCH FIRST ? ROWS ONLY
                """, now(), count);
    }

    /** Adds interactions. */
    int addInteractions(int count) throws SQLException {
        DemoRecords records = new DemoRecords(this);
        for (int i = 1; i <= count; i++) {
            records.insertInteraction("lakeside", "IN-" + i, now());
        }
        return count;
    }

    /** The office approves registrations from the waiting list, and each is synced. */
    int approveAndSync(int count) throws SQLException {
        Object[] ids = registrationsIn("WAITLISTED", count).toArray();
        update("UPDATE registrations SET status = 'APPROVED' WHERE registration_id = ANY (?)", (Object) ids);
        return sync(ids, now());
    }

    /** The office corrects the grade of registrations that were approved, and does not sync them yet. */
    int editWithoutSync(int count) throws SQLException {
        Object[] ids = registrationsIn("APPROVED", count).toArray();
        return update(
                "UPDATE registrations SET grade = MOD(grade + 1, 13) WHERE registration_id = ANY (?)", (Object) ids);
    }

    /** Appends a copy of registrations, as they are now, to the outbox. */
    int sync(Object[] ids, OffsetDateTime at) throws SQLException {
        return update("""
                INSERT INTO registration_outbox (registration_id, tenant, student_id, school_year, grade, program,
                    status, starts_on, financial_aid, synced_at)
                SELECT registrations.*, CAST(? AS TIMESTAMP(6) WITH TIME ZONE) FROM registrations
                WHERE registration_id = ANY (?)
                """, at, ids);
    }

    // ---- what is there

    List<String> registrationsIn(String status, int count) throws SQLException {
        return column("""
                SELECT registration_id FROM registrations
                WHERE tenant = 'lakeside' AND status = ?
                ORDER BY registration_id
                FETCH FIRST ? ROWS ONLY
                """, status, count);
    }

    /** The sizes of the tables. */
    TextTable sizes() throws SQLException {
        TextTable table = TextTable.of("table", "rows", "of lakeside");
        for (String name : List.of("interactions", "registrations", "registration_outbox")) {
            String count = "SELECT COUNT(*) FROM " + name;
            table.row(
                    name,
                    Long.valueOf(column(count).get(0)),
                    Long.valueOf(column(count + " WHERE tenant = 'lakeside'").get(0)));
        }
        return table;
    }

    /** The time as the columns keep it; cut off and not rounded, so that no change lies in the future. */
    OffsetDateTime now() {
        Instant now = clock.instant();
        return now.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    // ---- JDBC

    int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    List<String> column(String sql, @Nullable Object... parameters) throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
