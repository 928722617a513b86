package io.outfeed.jdbc.store;

import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.testing.contract.ExportStoreContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import javax.sql.DataSource;

/** The contract of stores, on a database. */
abstract class JdbcStoreContract extends ExportStoreContract {

    private static int stores;

    @SuppressWarnings("NullAway.Init") // set by open()
    private DataSource database;

    private String prefix = "";

    abstract DataSource database() throws Exception;

    private ExportStore store() {
        return JdbcStore.builder(database)
                .tablePrefix(prefix)
                .migrate()
                .retryTimeout(Duration.ofSeconds(10))
                .build();
    }

    @Override
    protected ExportStore open() throws Exception {
        database = database();
        prefix = "s" + ++stores + "_";
        return store();
    }

    @Override
    protected ExportStore reopen(ExportStore before) {
        before.close();
        return store();
    }

    @Override
    protected ExportStore secondNode(ExportStore first) {
        return store();
    }

    /** As if the lease had run out, and another node had come. */
    @Override
    protected boolean breakLock(JobLock lock) throws Exception {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update " + prefix + "lock set expires_at = 1, owner = 'dead' where job = ?")) {
            statement.setString(1, lock.job());
            return statement.executeUpdate() == 1;
        }
    }
}
