package io.outfeed.dbscheduler;

import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.testing.contract.SchedulerContract;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;

class DbSchedulerContractTest extends SchedulerContract {

    private final HikariDataSource database = newDatabase();

    private static HikariDataSource newDatabase() {
        try {
            return TestPostgres.newDatabase();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** After the scheduler. */
    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** How many jobs run at once. */
    int workers() {
        return 1;
    }

    @Override
    protected Driver driver() {
        SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        DbScheduler scheduler = DbScheduler.builder(database)
                .migrate()
                .workers(workers())
                .pollingInterval(Duration.ofMillis(10))
                .build();
        return new Driver() {
            @Override
            public Scheduler scheduler() {
                return scheduler;
            }

            @Override
            public Clock clock() {
                return clock;
            }

            @Override
            public void advance(Duration duration) {
                clock.advance(duration.plusMillis(1)); // rows are later by less, in the order of priorities
            }

            @Override
            public boolean setBack(Duration duration) {
                clock.advance(duration.negated());
                return true;
            }

            @Override
            public int threads() {
                return workers();
            }

            @Override
            public boolean exact() {
                return false; // of the times that nodes have scheduled the earliest counts
            }
        };
    }
}
