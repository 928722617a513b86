package io.outfeed.internal.incident;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.internal.simulation.SimulatedMonth;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A month with 400 jobs at six servers, thirty outages, and two nodes with one store: what people are told. */
@Timeout(600)
class SimulatedMonthTest {

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    private final Logger log = (Logger) LoggerFactory.getLogger("io.outfeed");

    @BeforeEach
    void logErrorsOnly() {
        log.setLevel(Level.ERROR); // the outages make a million lines
    }

    @AfterEach
    void logAsBefore() {
        log.setLevel(null);
    }

    @Test
    void should_tell_of_each_cause_once_and_once_a_day_and_of_its_end() {
        InMemoryStore store = new InMemoryStore();
        SimulatedMonth month = new SimulatedMonth(directory, node -> store, job -> true, Duration.ofMinutes(1));

        assertThat(month.outages()).isEqualTo(30);
        assertThat(month.pass()).isEmpty();
    }
}
