package io.outfeed.jdbc.store;

import io.outfeed.jdbc.databases.TestMariaDb;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;

class MariaDbSpoolTest extends JdbcSpoolContract {

    @BeforeAll
    static void assumeServer() {
        TestMariaDb.assumeInstalled();
    }

    @Override
    DataSource database() throws SQLException {
        return TestMariaDb.newDatabase();
    }
}
