package io.outfeed.jdbc.store;

import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** All that is promised, on a database that loses commits and answers: what is begun anew must not be done twice. */
class ForgetfulStoreTest extends JdbcStoreContract {

    @Override
    DataSource database() {
        return ForgetfulDatabase.of(JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", ""));
    }
}
