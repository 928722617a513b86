package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.testing.internal.simulation.SimulatedMonth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The month of the engine's test, with the same outages and the same notices, and a store of each node. */
@Tag("slow")
@Timeout(600)
class JdbcMonthTest {

    @TempDir
    private Path directory;

    private final Logger log = (Logger) LoggerFactory.getLogger("io.outfeed");
    private final List<JdbcStore> stores = new ArrayList<>();
    private HikariDataSource database;

    @BeforeEach
    void start() {
        log.setLevel(Level.ERROR); // the outages make many lines
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl("jdbc:h2:mem:month;DB_CLOSE_DELAY=-1");
        database = new HikariDataSource(pool);
    }

    @AfterEach
    void stop() {
        stores.forEach(JdbcStore::close);
        database.close();
        log.setLevel(null);
    }

    private JdbcStore store(String node) {
        JdbcStore store = JdbcStore.builder(database).migrate().node(node).build();
        stores.add(store);
        return store;
    }

    /** Six jobs every 24 minutes, one at each server: in each outage one of its jobs runs. */
    @Test
    void should_tell_of_each_cause_once_and_once_a_day_and_of_its_end() {
        SimulatedMonth month =
                new SimulatedMonth(directory, this::store, job -> (job + 12) % 24 < 6, Duration.ofMinutes(5));

        assertThat(month.outages()).isEqualTo(30);
        assertThat(month.pass()).isEmpty();
    }
}
