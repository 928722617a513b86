package io.outfeed.jdbc.store;

import io.outfeed.jdbc.databases.TestPostgres;
import java.sql.SQLException;
import javax.sql.DataSource;

class PostgresSpoolTest extends JdbcSpoolContract {

    @Override
    DataSource database() throws SQLException {
        return TestPostgres.newDatabase();
    }
}
