package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditText;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.ExportStore;
import io.outfeed.store.RunStep;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How PostgreSQL finds the rows of a large store: none of the statements that come often reads a whole table.
 *
 * <p>With 100,000 runs of 1,000 jobs by default; others by {@code mvn -pl export-jdbc -am test
 * -Dtest=StatementPlansTest -Dsurefire.failIfNoSpecifiedTests=false -Dstore.runs=1000000 -Dstore.jobs=10000}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementPlansTest {

    private static final int JOBS = Integer.getInteger("store.jobs", 1_000);
    private static final int RUNS = Integer.getInteger("store.runs", 100_000);

    private static final String JOB = "job-1";

    /** As old as the first of its hundred runs. */
    private static final Instant BEFORE = Instant.EPOCH.plus(2, ChronoUnit.MICROS);

    private DataSource database;
    private JdbcStore store;
    private final List<Executed> executed = new ArrayList<>();

    @BeforeAll
    void fill() throws SQLException {
        database = TestPostgres.newDatabase();
        store = JdbcStore.builder(recording()).migrate().build();
        TestPostgres.execute(
                database,
                "INSERT INTO outfeed_job (job, run_number, sequence_number, failures_in_a_row, recent_changes)"
                        + " SELECT 'job-' || n, 0, 0, 0, '' FROM generate_series(0, " + (JOBS - 1) + ") n",
                "INSERT INTO outfeed_run SELECT (r).* FROM (SELECT jsonb_populate_record(NULL::outfeed_run,"
                        + " jsonb_build_object('run_number', n, 'job', 'job-' || n % " + JOBS
                        + ", 'status', 'COMMITTED',"
                        + " 'trigger_name', 'SCHEDULED', 'publishing', 1, 'files_remain', 0, 'unconfirmed', 0,"
                        + " 'started_at', n, 'ended_at', n, 'whole_index', 0, 'document', '" + whole().text() + "')) r"
                        + " FROM generate_series(1, " + RUNS + ") n) runs",
                "INSERT INTO outfeed_run_step SELECT n, 1, '" + change() + "' FROM generate_series(2, " + RUNS + ") n",
                "INSERT INTO outfeed_fire SELECT 'job-' || n % " + JOBS + ", 'T' || n, 'node', n"
                        + " FROM generate_series(1, " + RUNS + ") n",
                "INSERT INTO outfeed_incident (id, version, opened_at, settled, document)"
                        + " SELECT 'i' || n, 1, n, 1, '' FROM generate_series(1, 10000) n",
                "INSERT INTO outfeed_audit SELECT n, 'job-' || n % " + JOBS + ", '" + audited() + "'"
                        + " FROM generate_series(1, 10000) n",
                "ANALYZE");
    }

    private static RunStep whole() {
        return RunStep.whole(RunBuilder.planned(1, JOB, Trigger.SCHEDULED, Instant.EPOCH)
                .status(RunStatus.EMPTY)
                .endedAt(Instant.EPOCH)
                .build());
    }

    private static String change() {
        ExportRun before = whole().run();
        return RunStep.change(
                        before, RunBuilder.of(before).note("nothing was new").build())
                .text();
    }

    private static String audited() {
        return AuditText.of(new AuditEntry(
                "a", Instant.EPOCH, "kim", "pause", Optional.of(JOB), "", "", AuditEntry.Outcome.DONE, ""));
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static Arguments call(String index, Consumer<ExportStore> call) {
        return Arguments.of(index, call);
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                call("outfeed_run_ended", store -> store.prune(JOB, BEFORE, run -> {})),
                call("outfeed_run_open", store -> store.unfinishedRuns(JOB)),
                call(
                        "outfeed_run_files",
                        store -> store.runs(RunQuery.ofJob(JOB).filesRemain())),
                call(
                        "outfeed_run_unconfirmed",
                        store -> store.runs(RunQuery.ofJob(JOB).unconfirmed())),
                call("outfeed_job_pkey", store -> store.firePlan(JOB)),
                call("outfeed_job_pkey", store -> store.positions(JOB)),
                call("outfeed_job_pkey", store -> store.jobState(JOB)),
                call("outfeed_incident_unsettled", ExportStore::unsettledIncidents),
                call("outfeed_run_of_job", store -> store.jobRecords(List.of(JOB, "job-2", "job-3"))),
                call("outfeed_run_pkey", store -> store.runs(RunQuery.all().limit(201))),
                call("outfeed_run_pkey", store -> store.run(17)),
                call(
                        "outfeed_run_of_job",
                        store -> store.runs(RunQuery.ofJob(JOB).limit(26))),
                call(
                        "outfeed_run_of_job",
                        store -> store.runs(
                                RunQuery.ofJob(JOB).outcomes().below(50_000).limit(26))),
                call(
                        "outfeed_incident_open_hash_key",
                        store -> store.incidents(IncidentQuery.open().limit(200))),
                call("outfeed_audit_pkey", store -> store.audit(AuditQuery.all())),
                call(
                        "outfeed_audit_of_job",
                        store -> store.audit(AuditQuery.all().job(JOB))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void should_use_an_index(String index, Consumer<ExportStore> call) throws SQLException {
        executed.clear();

        call.accept(store);

        List<String> plans = new ArrayList<>();
        for (Executed each : executed) {
            plans.add(plan(each));
        }
        assertThat(plans)
                .anySatisfy(plan -> assertThat(plan).containsPattern("(?: using|Index Scan on) " + index + " "));
        assertThat(plans).noneSatisfy(plan -> assertThat(plan).contains("Seq Scan"));
    }

    private String plan(Executed executed) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + executed.text())) {
            for (Map.Entry<Integer, Object> argument : executed.arguments().entrySet()) {
                explain.setObject(argument.getKey(), argument.getValue());
            }
            try (ResultSet lines = explain.executeQuery()) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }

    /** A statement that the store has prepared. */
    private record Executed(String text, Map<Integer, Object> arguments) {}

    /** The database, which remembers the statements. */
    private DataSource recording() {
        return proxy(
                DataSource.class,
                database,
                (method, arguments, result) -> result instanceof Connection connection
                        ? proxy(
                                Connection.class,
                                connection,
                                (of, texts, prepared) -> prepared instanceof PreparedStatement real
                                        ? recording(real, new Executed((String) texts[0], new TreeMap<>()))
                                        : prepared)
                        : result);
    }

    private PreparedStatement recording(PreparedStatement statement, Executed as) {
        executed.add(as);
        return proxy(PreparedStatement.class, statement, (method, arguments, result) -> {
            if (method.equals("setObject")) {
                as.arguments().put((Integer) arguments[0], arguments[1]);
            }
            return result;
        });
    }

    private interface Answer {

        Object of(String method, Object[] arguments, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                StatementPlansTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(target, arguments);
                        return answer.of(method.getName(), arguments == null ? new Object[0] : arguments, result);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
