package io.outfeed.jdbc;

import io.outfeed.jdbc.databases.TestPostgres;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;

class PostgresSourceContractTest extends JdbcSourceContract {

    @Override
    DataSource newDatabase() throws SQLException {
        DataSource database = TestPostgres.newDatabase();
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (visit_id bigint PRIMARY KEY, tenant text, note text, updated_at timestamptz)");
        return database;
    }

    @Override
    Object timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    protected boolean readsSnapshot() {
        return true;
    }
}
