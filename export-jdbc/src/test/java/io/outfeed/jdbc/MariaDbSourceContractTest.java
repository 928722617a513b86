package io.outfeed.jdbc;

import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPostgres;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;

class MariaDbSourceContractTest extends JdbcSourceContract {

    @BeforeAll
    static void needServer() {
        TestMariaDb.assumeInstalled();
    }

    @Override
    DataSource newDatabase() throws SQLException {
        DataSource database = TestMariaDb.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (visit_id BIGINT PRIMARY KEY, tenant VARCHAR(20), note VARCHAR(100),"
                        + " updated_at TIMESTAMP(6) NOT NULL)");
        return database;
    }

    /** The tests' sessions have the zone of the server. */
    @Override
    Object timestamp(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.ofHours(-5));
    }

    @Override
    protected boolean readsSnapshot() {
        return true;
    }
}
