package io.outfeed.jdbc.store;

import io.outfeed.spool.Spool;
import io.outfeed.testing.contract.SpoolContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

/** The contract of spools, on a database. */
abstract class JdbcSpoolContract extends SpoolContract {

    private final List<JdbcStore> opened = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set by open()
    private DataSource database;

    abstract DataSource database() throws Exception;

    @Override
    protected Spool open() throws Exception {
        database = database();
        return spool();
    }

    @Override
    protected Spool secondNode(Spool first) {
        return spool();
    }

    private Spool spool() {
        JdbcStore store = JdbcStore.builder(database)
                .migrate()
                .retryTimeout(Duration.ofSeconds(10))
                .build();
        synchronized (opened) {
            opened.add(store);
        }
        return store.spool();
    }

    @AfterEach
    void closeStores() {
        opened.forEach(JdbcStore::close);
    }
}
