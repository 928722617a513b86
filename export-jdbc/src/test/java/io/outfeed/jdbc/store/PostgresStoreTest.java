package io.outfeed.jdbc.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.jdbc.databases.TestPostgres;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On a pool: PostgreSQL starts a process for each connection. */
class PostgresStoreTest extends JdbcStoreContract {

    private static HikariDataSource pool;

    @BeforeAll
    static void openPool() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestPostgres.newDatabase());
        config.setMaximumPoolSize(10);
        pool = new HikariDataSource(config);
    }

    @AfterAll
    static void closePool() {
        pool.close();
    }

    @Override
    DataSource database() {
        return pool;
    }
}
