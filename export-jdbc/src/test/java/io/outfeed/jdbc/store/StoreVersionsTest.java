package io.outfeed.jdbc.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.jdbc.databases.TestMariaDb;
import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.jdbc.internal.schema.Schema;
import io.outfeed.jdbc.internal.schema.StoreDialect;
import io.outfeed.jdbc.internal.sql.TableNames;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Stores that each version of the tables has left, with rows as an engine of that version wrote them: the engine of now
 * migrates the tables and goes on, with every job, position and run, and the bytes of a run that waits.
 *
 * <p>Until a version is released its rows are written anew when they change: {@code -Doutfeed.record=true}.
 */
class StoreVersionsTest {

    private static final TableNames NAMES = new TableNames("", "outfeed_");
    private static final Instant SEVEN = Instant.parse("2026-03-02T07:00:00Z");

    /** All of a store but what changes with each start. */
    private static final List<String> TABLES = List.of(
            "schema", "counter", "change", "job", "run", "run_step", "renamed_job", "job_source", "incident", "spool");

    record Visit(String id, Instant changedAt) {}

    enum Database {
        H2(StoreDialect.H2),
        POSTGRESQL(StoreDialect.POSTGRESQL),
        MARIADB(StoreDialect.MYSQL);

        private final StoreDialect dialect;

        Database(StoreDialect dialect) {
            this.dialect = dialect;
        }

        private DataSource make() throws SQLException {
            return switch (this) {
                case H2 -> {
                    JdbcDataSource database = new JdbcDataSource();
                    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
                    yield database;
                }
                case POSTGRESQL -> TestPostgres.newDatabase();
                case MARIADB -> {
                    TestMariaDb.assumeInstalled();
                    yield TestMariaDb.newDatabase();
                }
            };
        }
    }

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(SEVEN);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Visit> visits = ListSource.create(Visit::id, Visit::changedAt);

    // ---- the host, which is the same in all versions

    private ExportEngine engine(JdbcStore store) {
        return ExportEngine.builder()
                .store(store)
                .spool(store.spool())
                .directory(directory)
                .clock(clock)
                .scheduler(new ManualScheduler(clock))
                .retryPolicy(new RetryPolicy(1, Duration.ZERO))
                .build();
    }

    private ExportJob.Builder job(String name, InMemoryDelivery... deliveries) {
        ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                .source(visits)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::changedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name(name + "-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
        return ExportJob.builder(name, definition).deliverTo(deliveries);
    }

    private void addJobs(ExportEngine engine) {
        engine.add(job("both", lakeside, riverside)
                .schedule(Schedule.daily(LocalTime.of(6, 0), ZoneOffset.UTC))
                .build());
        engine.add(job("empty", lakeside).build());
        engine.add(job("waiting", riverside).build());
        engine.add(job("paused", lakeside).build());
    }

    /** What a host of a version has done. */
    private void live(ExportEngine engine) {
        visits.put(new Visit("v-1", SEVEN.minus(Duration.ofHours(2))));
        addJobs(engine);
        engine.job("both").runNow();
        engine.job("empty").runNow();
        clock.advance(Duration.ofHours(1));
        engine.job("empty").runNow();
        engine.job("paused").pause("the registrar has asked for it, \\ and | \n in two lines");
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(engine.job("waiting")::runNow).isInstanceOf(DeliveryException.class);
        engine.add(job("old-name", lakeside).build());
        engine.job("old-name").runNow();
        engine.rename("old-name", job("renamed", lakeside).build());
    }

    // ---- writing and reading a version

    private static List<String> rows(int version) throws Exception {
        try (InputStream in =
                Objects.requireNonNull(StoreVersionsTest.class.getResourceAsStream("versions/V" + version + ".txt"))) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "outfeed.record", matches = "true")
    void should_record_the_rows_of_the_current_version() throws Exception {
        DataSource database = Database.H2.make();
        try (JdbcStore store = JdbcStore.builder(database).migrate().build();
                ExportEngine engine = engine(store)) {
            live(engine);
        }
        Path file = Path.of(
                System.getProperty("basedir", ""),
                "src/test/resources/io/outfeed/jdbc/store/versions/V" + Schema.VERSION + ".txt");
        Files.write(file, StoreRows.read(database, TABLES));
        assertThat(file).isNotEmptyFile();
    }

    private static DataSource left(Database kind, int version) throws Exception {
        DataSource database = kind.make();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String ddl : new Schema(kind.dialect, NAMES).ddl(0, version)) {
                statement.execute(ddl);
            }
        }
        StoreRows.write(database, rows(version));
        return database;
    }

    private static String text(ExportRun run) {
        return run.number() + " " + run.job() + " " + run.status() + " rows=" + run.rows() + " "
                + run.deliveries().stream()
                        .sorted(Comparator.comparing(step -> step.delivery()))
                        .map(step -> step.path() + "@" + step.delivery() + ":" + step.state())
                        .toList();
    }

    @ParameterizedTest
    @EnumSource
    void should_have_what_an_engine_of_the_first_version_has_left(Database kind) throws Exception {
        try (JdbcStore store = JdbcStore.builder(left(kind, 1)).migrate().build();
                ExportEngine engine = engine(store)) {
            addJobs(engine);

            assertThat(engine.runs(RunQuery.all()).runs().stream().map(StoreVersionsTest::text))
                    .containsExactly(
                            "5 renamed COMMITTED rows=1 [old-name-1.csv@lakeside:PUBLISHED]",
                            "4 waiting WAITING rows=1 [waiting-1.csv@riverside:PREPARED]",
                            "3 empty EMPTY rows=0 []",
                            "2 empty COMMITTED rows=1 [empty-1.csv@lakeside:PUBLISHED]",
                            "1 both COMMITTED rows=1 [both-1.csv@lakeside:PUBLISHED, both-1.csv@riverside:PUBLISHED]");
            assertThat(store.positions("both").positions().values())
                    .singleElement()
                    .satisfies(position -> assertThat(position.text()).isEqualTo("2026-03-02T06:58:00Z"));
            assertThat(engine.job("paused").summary().pause())
                    .hasValueSatisfying(pause -> assertThat(pause.reason())
                            .isEqualTo("the registrar has asked for it, \\ and | \n in two lines"));
            assertThat(engine.incidents(IncidentQuery.all())).hasSize(1);
            assertThatThrownBy(() -> engine.add(job("old-name", lakeside).build()))
                    .hasMessageContaining("it was renamed to 'renamed'");
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_go_on_where_an_engine_of_the_first_version_has_ended(Database kind) throws Exception {
        visits.put(
                new Visit("v-1", SEVEN.minus(Duration.ofHours(2))), new Visit("v-2", SEVEN.plus(Duration.ofHours(2))));
        clock.set(SEVEN.plus(Duration.ofHours(3)));
        try (JdbcStore store = JdbcStore.builder(left(kind, 1)).migrate().build();
                ExportEngine engine = engine(store)) {
            addJobs(engine);

            ExportRun next = engine.job("both").runNow();
            JobHandle waiting = engine.job("waiting");
            ExportRun finished = waiting.runNow();

            assertThat(next.number()).as("after the last run of that version").isEqualTo(6);
            assertThat(lakeside.file("both-2.csv").lines()).containsExactly("id", "v-2");
            assertThat(finished.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(riverside.files()).extracting(DeliveredFile::path).contains("waiting-1.csv", "both-2.csv");
        }
    }

    @ParameterizedTest
    @CsvSource({"H2, h2", "POSTGRESQL, postgresql", "MARIADB, mysql"})
    void should_have_rows_of_each_version_and_no_other(Database kind, String directory) throws Exception {
        for (int version = 1; version <= Schema.VERSION; version++) {
            assertThat(rows(version)).as("rows of version " + version).contains("schema|id=n:1|version=n:" + version);
        }
        assertThat(Schema.class.getResource(directory + "/V" + (Schema.VERSION + 1) + ".sql"))
                .as("a version that the class does not know (%s)", kind)
                .isNull();
    }
}
