package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.job.JobLoad;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notifier;
import io.outfeed.operation.History;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that a host keeps in a table. */
class JobSourceTest {

    private static final Instant START = Instant.parse("2026-03-02T00:30:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    @RegisterExtension
    private final LoggedEvents logged = LoggedEvents.from(Level.DEBUG);

    private final SettableClock clock = SettableClock.at(START);
    private final InMemoryStore store = new InMemoryStore();
    private final ListSource<Visit> visits = Visit.source();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final Table table = new Table("customers");
    private final Table partners = new Table("partners");
    private final List<Digest> digests = new ArrayList<>();
    private ManualScheduler scheduler = new ManualScheduler(clock);
    private ExportEngine engine;
    private int records;

    /** A table of customers: name, version, and how their job is made. */
    private final class Table implements JobSource {

        private final Map<String, JobRow> rows = new LinkedHashMap<>();
        private final List<String> made = new ArrayList<>();
        private final String id;
        private int loads;
        private boolean away;

        Table(String id) {
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public List<JobRow> load() throws Exception {
            loads++;
            if (away) {
                throw new SQLException("password secret-4711 refused");
            }
            return List.copyOf(rows.values());
        }

        void put(String name, String version, Callable<ExportJob> job) {
            rows.put(name, new JobRow(name, version, () -> {
                made.add(name + " " + version);
                return job.call();
            }));
        }

        void put(String name, String version) {
            put(name, version, () -> job(name));
        }
    }

    private ExportJob job(String name) {
        return ExportJob.builder(
                        name,
                        Visit.export(visits, file -> file.name("{job}-{sequence}.csv"))
                                .build())
                .schedule(Schedule.every(HOUR, START.minus(Duration.ofMinutes(30))))
                .deliverTo(lakeside)
                .build();
    }

    private ExportEngine engine(ManualScheduler of, String node) {
        return ExportEngine.builder()
                .directory(directory.resolve(node))
                .store(store)
                .scheduler(of)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listenerExecutor(Runnable::run)
                .notifier(new Notifier() {
                    @Override
                    public String id() {
                        return "operators";
                    }

                    @Override
                    public void send(Digest digest) {
                        digests.add(digest);
                    }
                })
                .jobs(table, MINUTE)
                .jobs(partners, HOUR)
                .build();
    }

    @BeforeEach
    void make() {
        engine = engine(scheduler, "node");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void restart() {
        engine.close();
        scheduler = new ManualScheduler(clock);
        engine = engine(scheduler, "node");
        engine.start();
    }

    private void write() {
        visits.put(Visit.of(++records, "note", clock.instant().toString()));
    }

    private JobLoad reload() {
        List<JobLoad> loads = engine.reloadJobs();
        assertThat(loads).extracting(JobLoad::source).containsExactly("customers", "partners");
        return loads.get(0);
    }

    private JobStatus status(String job) {
        return engine.job(job).summary().status();
    }

    private List<Incident> open() {
        return engine.incidents(IncidentQuery.open());
    }

    private List<RunStatus> statuses(String job) {
        return Runs.newest(engine, job, 10).stream().map(ExportRun::status).toList();
    }

    @Test
    void should_run_its_jobs_from_the_start() {
        table.put("a", "1");
        table.put("b", "1");
        write();
        engine.start();

        scheduler.advance(HOUR);

        assertThat(statuses("a")).containsExactly(RunStatus.COMMITTED);
        assertThat(statuses("b")).containsExactly(RunStatus.COMMITTED);
        assertThat(table.made).containsExactly("a 1", "b 1");
        assertThat(open()).isEmpty();
    }

    @Test
    void should_be_loaded_at_its_interval() {
        engine.start();
        table.put("a", "1");
        scheduler.advance(MINUTE.minusSeconds(1));
        assertThatThrownBy(() -> engine.job("a")).isInstanceOf(NoSuchJobException.class);

        scheduler.advance(Duration.ofSeconds(1));

        assertThat(engine.job("a").nextFire()).contains(START.plus(Duration.ofMinutes(30)));
        scheduler.advance(HOUR.minus(MINUTE));
        assertThat(table.loads).isEqualTo(61);
        assertThat(partners.loads).isEqualTo(2);
    }

    private List<String> logged(String beginning) {
        return logged.messages().stream()
                .filter(message -> message.startsWith(beginning))
                .toList();
    }

    @Test
    void should_warn_once_a_day_while_it_is_away() {
        engine.start();
        table.away = true;

        scheduler.advance(HOUR);
        assertThat(table.loads).isGreaterThan(60);
        assertThat(logged("Job source 'customers' was not loaded, each load tries it again: "))
                .hasSize(1);

        scheduler.advance(Duration.ofDays(1));
        assertThat(logged("Job source 'customers' was not loaded, each load tries it again: "))
                .hasSize(2);
        assertThat(logged("Job source 'customers' is loaded again")).isEmpty();

        table.away = false;
        scheduler.advance(HOUR);
        assertThat(logged("Job source 'customers' is loaded again")).hasSize(1);
    }

    @Test
    void should_warn_of_a_version_that_no_job_can_be_made_of_once() {
        engine.start();
        table.put("a", "1", () -> {
            throw new IllegalStateException("secret-4711");
        });
        scheduler.advance(HOUR);
        assertThat(table.made).hasSizeGreaterThan(50);
        assertThat(logged("No job can be made of the ")).hasSize(1);

        table.put("a", "2", () -> {
            throw new IllegalStateException("secret-4711");
        });
        scheduler.advance(HOUR);

        assertThat(logged("No job can be made of the ")).hasSize(2);
    }

    @Test
    void should_be_loaded_on_request() {
        engine.start();
        table.put("a", "1");
        table.put("b", "1");

        assertThat(reload().added()).containsExactly("a", "b");
        table.put("b", "2");
        JobLoad second = reload();

        assertThat(second.added()).isEmpty();
        assertThat(second.changed()).containsExactly("b");
        assertThat(second.failure()).isEmpty();
        assertThat(table.made).containsExactly("a 1", "b 1", "b 2");
    }

    @Test
    void should_continue_a_changed_job_from_its_position() {
        table.put("a", "1");
        write();
        engine.start();
        scheduler.advance(HOUR);
        write();
        table.put(
                "a",
                "2",
                () -> job("a").toBuilder()
                        .schedule(Schedule.every(Duration.ofMinutes(10), START))
                        .build());

        scheduler.advance(Duration.ofMinutes(20));

        assertThat(lakeside.arrivals()).extracting(file -> file.lines().size()).containsExactly(2, 2, 1);
    }

    @Test
    void should_disable_a_job_without_a_row_and_continue_it_once_it_has_one() {
        table.put("a", "1");
        table.put("b", "1");
        write();
        engine.start();
        scheduler.advance(HOUR);
        JobRow row = table.rows.remove("a");
        write();

        assertThat(reload().disabled()).containsExactly("a");
        scheduler.advance(HOUR);
        assertThat(status("a")).isEqualTo(JobStatus.DISABLED);
        assertThat(statuses("a")).hasSize(1);
        assertThat(statuses("b")).hasSize(2);
        assertThat(open()).isEmpty();

        table.rows.put("a", row);
        assertThat(reload().added()).containsExactly("a");
        scheduler.advance(HOUR);
        assertThat(lakeside.arrivals())
                .filteredOn(file -> file.path().startsWith("a-"))
                .extracting(file -> file.lines().size())
                .as("the first run, one for the fire times without a row, the next one")
                .containsExactly(2, 2, 1);
    }

    @Test
    void should_finish_what_a_job_without_a_row_publishes() {
        table.put("a", "1");
        table.put("b", "1");
        write();
        engine.start();
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        scheduler.advance(Duration.ofMinutes(30));
        assertThat(statuses("a")).containsExactly(RunStatus.WAITING);
        table.rows.remove("a");
        reload();

        scheduler.advance(HOUR);

        assertThat(statuses("a")).containsExactly(RunStatus.COMMITTED);
    }

    @Test
    void should_let_the_unpublished_run_of_a_job_without_a_row_wait() {
        table.put("a", "1");
        table.put("b", "1");
        write();
        engine.start();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        scheduler.advance(Duration.ofMinutes(30));
        assertThat(status("a")).isEqualTo(JobStatus.DELAYED);
        JobRow row = table.rows.remove("a");
        reload();
        scheduler.advance(HOUR);
        assertThat(statuses("a")).containsExactly(RunStatus.WAITING);
        assertThat(status("a")).isEqualTo(JobStatus.DISABLED);

        table.rows.put("a", row);
        reload();
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(statuses("a")).containsExactly(RunStatus.COMMITTED);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, true", //
        "2, 1, false",
        "2, 2, true",
        "3, 2, true",
        "19, 1, false",
        "20, 2, false",
        "20, 3, true",
        "200, 20, false",
        "200, 21, true",
        "1000, 20, false",
        "1000, 21, true"
    })
    void should_not_lose_many_jobs_at_once(int before, int missing, boolean withheld) {
        for (int i = 0; i < before; i++) {
            table.put("job-" + i, "1");
        }
        engine.start();
        for (int i = 0; i < missing; i++) {
            table.rows.remove("job-" + i);
        }

        JobLoad load = reload();

        assertThat(load.withheld()).hasSize(withheld ? missing : 0);
        assertThat(load.disabled()).hasSize(withheld ? 0 : missing);
        assertThat(status("job-0")).isEqualTo(withheld ? JobStatus.YET_TO_EXECUTE : JobStatus.DISABLED);
        assertThat(open())
                .extracting(Incident::code)
                .isEqualTo(withheld ? List.of(FailureCode.JOBS_MISSING) : List.of());
        assertThat(reload().withheld()).hasSize(withheld ? missing : 0);
    }

    @Test
    void should_notice_an_empty_table_after_a_restart() {
        table.put("a", "1");
        table.put("b", "1");
        engine.start();
        Map<String, JobRow> rows = new LinkedHashMap<>(table.rows);
        table.rows.clear();

        restart();

        assertThat(open()).extracting(Incident::code).containsExactly(FailureCode.JOBS_MISSING);
        assertThat(open().get(0).message()).contains("(a, b)", "confirmMissingJobs(\"customers\", reason)");
        table.rows.putAll(rows);
        scheduler.advance(MINUTE);
        assertThat(open()).isEmpty();
        assertThat(status("a")).isEqualTo(JobStatus.YET_TO_EXECUTE);
    }

    @Test
    void should_disable_them_on_all_nodes_once_that_is_confirmed() {
        for (String name : List.of("a", "b", "c")) {
            table.put(name, "1");
        }
        engine.start();
        ManualScheduler other = new ManualScheduler(clock);
        try (ExportEngine second = engine(other, "second")) {
            second.start();
            table.rows.remove("a");
            table.rows.remove("b");
            scheduler.advance(MINUTE);
            other.advance(Duration.ZERO);
            assertThat(status("a")).isEqualTo(JobStatus.YET_TO_EXECUTE);
            assertThat(second.job("a").summary().status()).isEqualTo(JobStatus.YET_TO_EXECUTE);

            assertThat(engine.confirmMissingJobs("customers", "both have left").disabled())
                    .containsExactly("a", "b");

            assertThat(open()).isEmpty();
            assertThat(status("b")).isEqualTo(JobStatus.DISABLED);
            assertThat(second.reloadJobs().get(0).disabled()).containsExactly("a", "b");
            assertThat(second.job("c").summary().status()).isEqualTo(JobStatus.YET_TO_EXECUTE);
        }
        assertThatThrownBy(() -> engine.confirmMissingJobs("suppliers", "none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no job source 'suppliers': the engine has [customers, partners]");
    }

    @Test
    void should_run_all_jobs_but_those_of_a_wrong_row() {
        table.put("a", "1");
        table.put("b", "1");
        table.put("c", "1");
        write();
        engine.start();
        table.put(
                "a",
                "2",
                () -> ExportJob.builder("a", Visit.export(visits))
                        .retention(Duration.ofDays(-1))
                        .build());
        table.put("b", "2", () -> {
            throw new IllegalStateException("no password secret-4711");
        });

        scheduler.advance(Duration.ofHours(2));

        assertThat(statuses("c")).hasSize(2);
        assertThat(engine.runs(RunQuery.ofJob("a")).runs()).isEmpty();
        assertThat(status("a")).isEqualTo(JobStatus.DISABLED);
        assertThat(open())
                .extracting(incident -> incident.scope() + " " + incident.code())
                .containsExactlyInAnyOrder("job a JOB_INVALID", "job b JOB_INVALID");
        assertThat(open()).extracting(Incident::signs).as("loaded 120 times").containsOnly(1L);
        assertThat(digests.stream().flatMap(digest -> digest.notices().stream()))
                .hasSize(2);
        assertThat(open().toString() + logged.messages()).doesNotContain("secret-4711");

        table.put("a", "3");
        table.rows.remove("b");
        scheduler.advance(MINUTE);
        assertThat(open()).isEmpty();
        assertThat(statuses("a")).containsExactly(RunStatus.COMMITTED);
    }

    @Test
    void should_refuse_what_is_wrong_at_the_start_and_run_the_others() {
        table.put("a", "1");
        table.put("A", "1");
        table.put("..", "1");
        table.put("other-name", "1", () -> job("c"));
        table.put("nothing", "1", () -> null);
        table.put("c", "1");
        engine.add(job("code"));
        table.put("code", "1");
        engine.start();

        JobLoad load = reload();

        assertThat(load.refused().keySet()).containsExactlyInAnyOrder("A", "..", "other-name", "nothing", "code");
        assertThat(load.refused())
                .hasEntrySatisfying(
                        "code",
                        problem -> assertThat(problem.message()).contains("the host's code or another job source"))
                .hasEntrySatisfying(
                        "A",
                        problem ->
                                assertThat(problem.message()).isEqualTo("row 'a' differs only in the case of letters"));
        assertThat(open())
                .extracting(Incident::code)
                .containsOnly(FailureCode.JOB_INVALID)
                .hasSize(5);
        write();
        scheduler.advance(HOUR);
        assertThat(statuses("a")).containsExactly(RunStatus.COMMITTED);
        assertThat(statuses("code")).containsExactly(RunStatus.COMMITTED);
    }

    @Test
    void should_run_its_jobs_as_they_were_while_it_is_away() {
        table.put("a", "1");
        write();
        engine.start();
        table.away = true;
        table.rows.clear();

        scheduler.advance(HOUR);

        assertThat(statuses("a")).containsExactly(RunStatus.COMMITTED);
        assertThat(open()).extracting(Incident::code).containsExactly(FailureCode.JOBS_NOT_LOADED);
        assertThat(digests.stream().flatMap(digest -> digest.notices().stream()))
                .hasSize(1);
        assertThat(open().toString() + logged.messages()).doesNotContain("secret-4711");
        assertThat(reload().failure()).isPresent();

        table.away = false;
        table.put("a", "1");
        scheduler.advance(MINUTE);
        assertThat(open()).isEmpty();
    }

    @Test
    void should_not_be_changed_by_the_hosts_code() {
        table.put("a", "1");
        engine.start();

        assertThatThrownBy(() -> engine.add(job("a")))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("job source 'customers' has it: change its row");
        assertThatThrownBy(() -> engine.remove("a", History.PURGE))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("job source 'customers' has it: remove its row");
        table.rows.clear();
        engine.confirmMissingJobs("customers", "it has left");
        engine.remove("a", History.PURGE);

        assertThatThrownBy(() -> engine.job("a")).isInstanceOf(NoSuchJobException.class);
    }

    @Test
    void should_keep_the_history_of_a_job_that_is_renamed_with_its_row() {
        table.put("a", "1");
        table.put("b", "1");
        write();
        engine.start();
        scheduler.advance(HOUR);
        write();

        engine.rename("a", job("c"));
        table.rows.remove("a");
        table.put("c", "1");
        JobLoad load = reload();

        assertThat(load.refused()).isEmpty();
        assertThat(load.withheld()).isEmpty();
        scheduler.advance(HOUR);
        assertThat(statuses("c")).containsExactly(RunStatus.COMMITTED, RunStatus.COMMITTED);
    }

    @Test
    void should_be_checked_before_anything_is_opened() {
        assertThatThrownBy(() -> ExportEngine.builder()
                        .directory(directory.resolve("third"))
                        .jobs(table, Duration.ofMillis(999))
                        .jobs(table, MINUTE)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("job source 'customers' must be loaded every second at most")
                .hasMessageContaining("two job sources have the same id");
    }
}
