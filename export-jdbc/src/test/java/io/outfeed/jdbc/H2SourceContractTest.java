package io.outfeed.jdbc;

import io.outfeed.jdbc.databases.TestPostgres;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

class H2SourceContractTest extends JdbcSourceContract {

    @Override
    DataSource newDatabase() throws SQLException {
        DataSource database = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
        TestPostgres.execute(
                database,
                "CREATE TABLE visits (visit_id BIGINT PRIMARY KEY, tenant VARCHAR, note VARCHAR,"
                        + " updated_at TIMESTAMP(6) WITH TIME ZONE)");
        return database;
    }

    @Override
    Object timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
