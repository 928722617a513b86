package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomerJobsTest {

    private static final Interaction CALL = new Interaction(
            "I-1",
            "C-1",
            Interaction.Kind.CALL,
            LocalDate.of(2026, 3, 1),
            "phone",
            null,
            Instant.parse("2026-03-01T12:00:00Z"));

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final Map<String, InMemoryDelivery> folders = new TreeMap<>();
    private final JdbcDataSource database = new JdbcDataSource();
    private Connection open;
    private ExportEngine engine;

    @BeforeEach
    void start() throws SQLException {
        database.setURL("jdbc:h2:mem:customers");
        open = database.getConnection(); // the database lives as long as it is open
        execute("CREATE TABLE customers (name varchar(50) PRIMARY KEY, deliver_at varchar(5) NOT NULL,"
                + " zone varchar(50) NOT NULL, folder varchar(200) NOT NULL, layout varchar(4000),"
                + " active boolean NOT NULL,"
                + " changed_at timestamp(6) DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP NOT NULL)");
        execute("INSERT INTO customers (name, deliver_at, zone, folder, active) VALUES"
                + " ('lakeside', '07:00', 'UTC', 'lakeside', true), ('riverside', '08:00', 'UTC', 'riverside', true),"
                + " ('hillside', '07:00', 'UTC', 'hillside', false)");
        ExportDefinition<Interaction> interactions = ExportDefinition.builder("interactions", Interaction.class)
                .source(RecordSource.ofCollection(window -> List.of(CALL)))
                .recordKey(Interaction::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Interaction::id))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .choices(c -> c.fields(f -> f.field("channel", Interaction::channel))
                        .standardTransformations()
                        .standardFormats())
                .build();
        engine = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .clock(clock)
                .scheduler(scheduler)
                .listenerExecutor(Runnable::run)
                .jobs(
                        new CustomerJobs(
                                database,
                                interactions,
                                folder -> folders.computeIfAbsent(folder, InMemoryDelivery::create)),
                        Duration.ofMinutes(1))
                .build();
        engine.start();
    }

    @AfterEach
    void stop() throws SQLException {
        engine.close();
        execute("DROP ALL OBJECTS");
        open.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<DeliveredFile> arrivals(String folder) {
        return folders.computeIfAbsent(folder, InMemoryDelivery::create).arrivals();
    }

    @Test
    void should_deliver_to_each_customer_of_the_table() throws Exception {
        scheduler.advance(Duration.ofHours(9));

        assertThat(folders).containsOnlyKeys("lakeside", "riverside");
        assertThat(arrivals("lakeside")).hasSize(1);

        execute("UPDATE customers SET deliver_at = '10:00' WHERE name = 'lakeside'");
        execute("INSERT INTO customers (name, deliver_at, zone, folder, active)"
                + " VALUES ('seaside', '10:30', 'UTC', 'seaside', true)");
        scheduler.advance(Duration.ofHours(2));

        assertThat(arrivals("lakeside")).hasSize(2);
        assertThat(arrivals("seaside")).hasSize(1);

        execute("DELETE FROM customers WHERE name = 'riverside'");
        scheduler.advance(Duration.ofDays(1));

        assertThat(engine.job("interactions-riverside").summary().status()).isEqualTo(JobStatus.DISABLED);
        assertThat(arrivals("riverside")).hasSize(1);
    }

    @Test
    void should_deliver_the_columns_that_a_row_has_chosen() throws Exception {
        execute("UPDATE customers SET layout = '{\"columns\": [\"id\", {\"field\": \"channel\", \"header\": \"By\","
                + " \"transform\": \"upperCase\"}], \"format\": {\"csv\": {\"delimiter\": \";\"}}}'"
                + " WHERE name = 'lakeside'");

        scheduler.advance(Duration.ofHours(9));

        assertThat(arrivals("lakeside"))
                .singleElement()
                .satisfies(file -> assertThat(file.lines()).containsExactly("id;By", "I-1;PHONE"));
        assertThat(arrivals("riverside"))
                .singleElement()
                .satisfies(file -> assertThat(file.lines()).containsExactly("id", "I-1"));
    }

    @Test
    void should_say_which_choice_of_a_row_is_wrong() throws Exception {
        execute("UPDATE customers SET layout = '{\"columns\": [\"id\", \"chanel\"]}' WHERE name = 'lakeside'");

        scheduler.advance(Duration.ofHours(9));

        assertThat(arrivals("lakeside")).isEmpty();
        assertThat(arrivals("riverside")).hasSize(1);
        assertThat(engine.incidents(IncidentQuery.open()))
                .singleElement()
                .satisfies(incident -> assertThat(incident.message())
                        .contains("layout of definition 'interactions': columns[1].field: there is no field 'chanel':"
                                + " choose one of id, channel"));
    }

    @Test
    void should_keep_a_wrong_row_from_the_other_customers() throws Exception {
        execute("UPDATE customers SET zone = 'Lakeside/Main_Street' WHERE name = 'lakeside'");

        scheduler.advance(Duration.ofHours(9));

        assertThat(arrivals("riverside")).hasSize(1);
        assertThat(engine.incidents(IncidentQuery.open()))
                .extracting(Incident::code)
                .containsExactly(FailureCode.JOB_INVALID);
    }

    @Test
    void should_be_the_code_of_the_guide() throws Exception {
        assertThat(Readme.code("docs/guide/jobs-from-a-table.md", "## A table of customers"))
                .isEqualTo(Readme.region("CustomerJobs.java", "customers"));
    }
}
