package io.outfeed.jdbc.store;

import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

class H2SpoolTest extends JdbcSpoolContract {

    @Override
    DataSource database() {
        return JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
    }
}
