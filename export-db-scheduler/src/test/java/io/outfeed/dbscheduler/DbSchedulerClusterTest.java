package io.outfeed.dbscheduler;

import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.SettableClock;
import io.outfeed.testing.contract.ClusterContract;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class DbSchedulerClusterTest extends ClusterContract {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration LEASE = Duration.ofSeconds(1);

    @Override
    protected Cluster cluster() throws SQLException {
        HikariDataSource database = TestPostgres.newDatabase();
        List<DbScheduler> schedulers = new ArrayList<>();
        return new Cluster() {
            @Override
            public Node node(String name, SettableClock clock) {
                CutDatabase connection = new CutDatabase(database);
                JdbcStore store = JdbcStore.builder(connection.dataSource())
                        .migrate()
                        .node(name)
                        .lease(LEASE)
                        .retryTimeout(Duration.ZERO)
                        .build();
                DbScheduler scheduler = DbScheduler.builder(connection.dataSource())
                        .migrate()
                        .pollingInterval(Duration.ofMillis(20))
                        .heartbeat(HEARTBEAT)
                        .closeTimeout(Duration.ofSeconds(10))
                        .build();
                schedulers.add(scheduler);
                return new TestNode(connection, store, scheduler);
            }

            @Override
            public void advance(SettableClock clock, Duration duration) {
                clock.advance(duration.plusMillis(1)); // rows are later by less, in the order of priorities
                schedulers.forEach(scheduler -> scheduler.scheduleAt("*nothing", Instant.MAX, 0));
            }

            @Override
            public Duration takenOverWithin() {
                return HEARTBEAT.multipliedBy(6);
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

    private record TestNode(CutDatabase connection, ExportStore store, Scheduler scheduler)
            implements ClusterContract.Node {

        @Override
        public void die() {
            connection.cut();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
