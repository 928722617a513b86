package io.outfeed.jdbc;

import io.outfeed.jdbc.databases.TestMariaDb;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;

/** The same database by MySQL's own driver, with its defaults. */
class MySqlDriverSourceContractTest extends MariaDbSourceContractTest {

    @Override
    DataSource newDatabase() throws SQLException {
        return TestMariaDb.byMySqlDriver(super.newDatabase());
    }

    /** As text: the driver takes MariaDB for a MySQL that has no fractions of seconds. */
    @Override
    Object timestamp(Instant instant) {
        return super.timestamp(instant).toString();
    }
}
