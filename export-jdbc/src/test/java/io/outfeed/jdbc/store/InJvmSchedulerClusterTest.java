package io.outfeed.jdbc.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.SettableClock;
import io.outfeed.testing.contract.ClusterContract;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Nodes that share a store, each with a scheduler of its own. */
class InJvmSchedulerClusterTest extends ClusterContract {

    private static final Duration LEASE = Duration.ofSeconds(10);

    @Override
    protected Cluster cluster() throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(TestPostgres.newDatabase());
        pool.setMaximumPoolSize(8);
        HikariDataSource database = new HikariDataSource(pool);
        List<Scheduler> schedulers = new ArrayList<>();
        return new Cluster() {
            @Override
            public Node node(String name, SettableClock clock) {
                UnreachableDatabase connection = new UnreachableDatabase(database);
                JdbcStore store = JdbcStore.builder(connection.dataSource())
                        .migrate()
                        .node(name)
                        .lease(LEASE)
                        .retryTimeout(Duration.ZERO)
                        .build();
                Scheduler scheduler = new InJvmScheduler(4, Duration.ofSeconds(10));
                schedulers.add(scheduler);
                return new StoreNode(connection, store, scheduler);
            }

            /** Makes the tickers read the clock. */
            @Override
            public void advance(SettableClock clock, Duration duration) {
                clock.advance(duration);
                schedulers.forEach(scheduler -> scheduler.scheduleAt("*nothing", Instant.MAX, 0));
            }

            @Override
            public Duration takenOverWithin() {
                return LEASE;
            }

            @Override
            public void expireLeases() throws SQLException {
                TestPostgres.execute(database, "update outfeed_lock set expires_at = 1 where expires_at > 0");
            }

            @Override
            public void close() {
                database.close();
            }
        };
    }

    private record StoreNode(UnreachableDatabase connection, ExportStore store, Scheduler scheduler)
            implements ClusterContract.Node {

        @Override
        public void die() {
            connection.away(true);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
