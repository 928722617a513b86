package io.outfeed.jdbc.store;

import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** The contract of spools on a database that loses commits and answers: a retry must not do its work twice. */
class ForgetfulSpoolTest extends JdbcSpoolContract {

    @Override
    DataSource database() {
        return ForgetfulDatabase.of(JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", ""));
    }
}
