package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentScope;
import io.outfeed.internal.engine.EngineSettings;
import io.outfeed.internal.engine.JobEngine;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.FirePlan;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of a host is an hour ahead: its node goes by the database's, as the others do. */
class NodeAheadTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
    private HikariDataSource database;

    private record Visit(long id, Instant at) {}

    /** Wakes the engine without need, as a scheduler may. */
    private static final class EagerScheduler implements Scheduler {

        private final Set<String> names = new TreeSet<>();
        private Consumer<String> handler = name -> {};

        @Override
        public void start(Clock clock, Consumer<String> wake) {
            handler = wake;
        }

        @Override
        public void scheduleAt(String job, Instant at, int priority) {
            names.add(job);
        }

        @Override
        public void cancel(String job) {
            names.remove(job);
        }

        private void wakeAll() {
            List.copyOf(names).forEach(handler);
        }

        @Override
        public void close() {
            names.clear();
        }
    }

    private final class Node implements AutoCloseable {

        private final EagerScheduler scheduler = new EagerScheduler();
        private final JdbcStore store;
        private final JobEngine engine;

        private Node(Duration hostIsAhead) {
            store = JdbcStore.builder(database)
                    .migrate()
                    .retryTimeout(Duration.ZERO)
                    .build();
            EngineSettings settings = new EngineSettings();
            settings.directory = directory;
            settings.store = store;
            settings.hostClock = Clock.offset(Clock.systemUTC(), hostIsAhead);
            settings.scheduler = scheduler;
            engine = new JobEngine(settings);
        }

        private Node startWith(ExportJob... jobs) {
            for (ExportJob job : jobs) {
                engine.add(job);
            }
            engine.start();
            scheduler.wakeAll();
            return this;
        }

        private List<ExportRun> runs(String job) {
            return store.runs(RunQuery.ofJob(job));
        }

        @Override
        public void close() {
            engine.close();
            store.close();
        }
    }

    @BeforeEach
    void connect() throws SQLException {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(TestPostgres.newDatabase());
        pool.setMaximumPoolSize(4);
        database = new HikariDataSource(pool);
        source.put(new Visit(1, Instant.now().minus(HOUR)));
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    private ExportJob job(String name, Watermark<Visit> watermark, Schedule schedule) {
        ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(watermark)
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
        return ExportJob.builder(name, definition)
                .schedule(schedule)
                .deliverTo(lakeside)
                .build();
    }

    private ExportJob exact(Schedule schedule) {
        return job("exact", Watermark.fullSnapshot(), schedule);
    }

    private ExportJob stamped(Schedule schedule) {
        return job("stamped", Watermark.timestamp(Visit::at, Duration.ZERO), schedule);
    }

    @Test
    void should_claim_no_fire_time_before_it_is_due_for_the_others() {
        Schedule soon = Schedule.once(Instant.now().plus(HOUR.dividedBy(2)));
        try (Node right = new Node(Duration.ZERO).startWith(exact(soon))) {
            Optional<FirePlan> plan = right.store.firePlan("exact");

            new Node(HOUR).startWith(exact(soon)).close();

            assertThat(right.store.firePlan("exact")).isEqualTo(plan);
            assertThat(right.runs("exact")).isEmpty();
        }
    }

    @Test
    void should_read_no_records_by_a_watermark_of_time_and_leave_them_to_the_others() {
        Schedule due = Schedule.once(Instant.now().minusSeconds(10));
        try (Node ahead = new Node(HOUR).startWith(exact(due), stamped(due))) {
            assertThat(ahead.runs("exact")).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
            assertThat(ahead.runs("stamped")).isEmpty();
            assertThatThrownBy(() -> ahead.engine.job("stamped").runNow())
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CLOCK_SKEW))
                    .hasMessageMatching("the clock of this host is 3(600|599) s ahead of that of the store: nothing is"
                            + " exported here by watermarks of time, since records could be left out; set the clock, or"
                            + " run the job on another node \\(job=stamped\\)");

            try (Node right = new Node(Duration.ZERO).startWith(stamped(due))) {
                assertThat(right.runs("stamped")).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
            }
        }
    }

    @Test
    void should_make_one_incident_of_it() {
        try (Node ahead = new Node(HOUR.negated()).startWith(exact(Schedule.once(Instant.MAX.minus(HOUR))))) {
            ahead.scheduler.wakeAll(); // another sweep

            List<Incident> incidents = ahead.engine.incidents(IncidentQuery.open());
            assertThat(incidents)
                    .extracting(Incident::code, incident -> incident.scope().kind())
                    .containsExactly(tuple(FailureCode.CLOCK_SKEW, IncidentScope.Kind.NODE));
            assertThat(incidents.get(0).message())
                    .matches("the clock of this host is 3\\d+ s behind that of the store \\(JDBC store of node .*\\):"
                            + " jobs with watermarks of time are not run here; set the clock");
        }
    }

    @Test
    void should_be_silent_about_a_clock_that_is_right() {
        try (Node right = new Node(Duration.ofSeconds(20)).startWith(stamped(Schedule.once(Instant.now())))) {
            right.scheduler.wakeAll();

            assertThat(right.runs("stamped")).extracting(ExportRun::status).containsExactly(RunStatus.COMMITTED);
            assertThat(right.engine.incidents(IncidentQuery.open())).isEmpty();
        }
    }
}
