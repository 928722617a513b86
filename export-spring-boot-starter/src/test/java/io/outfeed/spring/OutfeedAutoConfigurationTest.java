package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.ExportException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class OutfeedAutoConfigurationTest {

    @TempDir
    private Path directory;

    private final ListSource<Contact> source = Contact.source();
    private ApplicationContextRunner application;

    @BeforeEach
    void set_up() {
        source.put(new Contact(1, "Ann", "A", Instant.parse("2026-02-01T00:00:00Z")));
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(source))
                .withPropertyValues("outfeed.directory=" + directory.resolve("state"));
    }

    private static ExportEngine engine(AssertableApplicationContext context) {
        return context.getBean(ExportEngine.class);
    }

    @Test
    void should_run_a_job_of_the_configuration() throws IOException {
        Files.createDirectory(directory.resolve("outbox"));
        source.put(new Contact(2, "Ben", "not here", Instant.parse("2026-02-01T00:00:00Z")));
        application
                .withInitializer(new Yaml("""
                        outfeed:
                          destinations:
                            outbox: {directory: {path: '%s'}}
                          jobs:
                            contacts-lakeside:
                              definitions: contacts
                              description: Contacts of Lakeside
                              schedule: {daily: "07:00", zone: Europe/Zurich}
                              deliver-to: outbox
                              parameters: {tenant: lakeside}
                              layout:
                                columns:
                                  - {field: id, header: Nr}
                                  - field: status
                                    header: Status
                                    codes: {A: "active", not here: "away"}
                                fileName: "lakeside-{sequence}.csv"
                                format: {csv: {delimiter: ";"}}
                        """.formatted(directory.resolve("outbox"))))
                .run(context -> {
                    ExportJob job = engine(context).job("contacts-lakeside").job();
                    ExportRun run = engine(context).job(job.name()).runNow();

                    assertThat(job.description()).isEqualTo("Contacts of Lakeside");
                    assertThat(job.schedule().orElseThrow().description()).contains("07:00");
                    assertThat(job.parameters().asMap()).containsEntry("tenant", "lakeside");
                    assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
                    assertThat(Files.readString(directory.resolve("outbox/lakeside-1.csv")))
                            .isEqualTo("Nr;Status\r\n1;active\r\n2;away\r\n");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "workers=0, 'workers must be one or more, not 0'",
        "compressor-threads=-1, 'compressorThreads must be zero or more, not -1'"
    })
    void should_hand_options_of_threads_to_the_engine(String property, String problem) {
        application
                .withPropertyValues("outfeed." + property)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(problem));
    }

    @Test
    void should_use_beans_for_what_the_configuration_does_not_have() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        BlockingQueue<ExportEvent> events = new LinkedBlockingQueue<>();
        application
                .withBean("lakeside", Delivery.class, () -> lakeside)
                .withBean(ExportStore.class, InMemoryStore::new)
                .withBean(ExportListener.class, () -> events::add)
                .withBean(
                        ExportJob.class,
                        () -> ExportJob.builder("of-code", Contact.export(source))
                                .build())
                .withBean(JobSource.class, () -> source("customers", "of-table"))
                .withBean(ExportJobBuilderCustomizer.class, () -> (name, job) -> job.description("job " + name))
                .withBean(ExportEngineBuilderCustomizer.class, () -> engine -> engine.listenerExecutor(Runnable::run))
                .withPropertyValues(
                        "outfeed.jobs.of-yaml.definitions=contacts", "outfeed.jobs.of-yaml.deliver-to=lakeside")
                .run(context -> {
                    assertThat(context).hasSingleBean(ExportEngine.class);
                    assertThat(engine(context).jobs(JobQuery.all()))
                            .extracting(job -> job.job().name())
                            .containsExactly("of-code", "of-table", "of-yaml");
                    assertThat(engine(context).job("of-yaml").job().description())
                            .isEqualTo("job of-yaml");

                    engine(context).job("of-yaml").runNow();

                    assertThat(lakeside.file("contacts-1.csv").lines()).hasSize(2);
                    assertThat(events)
                            .filteredOn(RunEvent.class::isInstance)
                            .extracting(event -> ((RunEvent) event).kind())
                            .contains(RunEvent.Kind.SUCCEEDED);
                    assertThat(directory.resolve("state/runs")).doesNotExist();
                });
    }

    private JobSource source(String id, String job) {
        return new JobSource() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public List<JobRow> load() {
                return List.of(new JobRow(
                        job,
                        "1",
                        () -> ExportJob.builder(job, Contact.export(source)).build()));
            }
        };
    }

    @Test
    void should_keep_state_in_the_database_if_it_is_asked_to() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:starter;DB_CLOSE_DELAY=-1");
        application
                .withBean(DataSource.class, () -> database)
                .withPropertyValues(
                        "outfeed.store=jdbc",
                        "outfeed.jdbc.table-prefix=exports_",
                        "outfeed.jobs.contacts-lakeside.definitions=contacts")
                .run(context -> {
                    assertThat(context).hasSingleBean(JdbcStore.class);
                    engine(context).job("contacts-lakeside").runNow();

                    assertThat(context.getBean(ExportStore.class).jobs()).containsExactly("contacts-lakeside");
                });
    }

    @Test
    void should_keep_state_in_files_if_there_is_a_database_that_is_not_asked_for() {
        application
                .withBean(DataSource.class, JdbcDataSource::new)
                .run(context -> assertThat(context).doesNotHaveBean(ExportStore.class));
    }

    @Test
    void should_want_one_database_for_the_store() {
        application
                .withPropertyValues("outfeed.store=jdbc")
                .run(context -> assertThat(problems(context))
                        .containsExactly(
                                "outfeed.store: is jdbc, and there is not exactly one bean of type DataSource: set"
                                        + " spring.datasource.url, or add a bean of type JdbcStore"));
    }

    @Test
    void should_want_a_directory() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .run(context -> assertThat(problems(context))
                        .containsExactly(
                                "outfeed.directory: is missing: set a durable directory, such as /var/lib/outfeed"));
    }

    @Test
    void should_make_nothing_if_it_is_disabled() {
        application
                .withPropertyValues("outfeed.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ExportEngine.class));
    }

    @Test
    void should_leave_the_engine_to_the_application() {
        try (ExportEngine own =
                ExportEngine.builder().directory(directory.resolve("own")).build()) {
            application
                    .withBean(ExportEngine.class, () -> own)
                    .run(context -> assertThat(engine(context)).isSameAs(own));
        }
    }

    @Test
    void should_refuse_a_property_that_does_not_exist() {
        application
                .withPropertyValues("outfeed.wrokers=7")
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("outfeed.wrokers"));
    }

    @Test
    void should_free_the_directory_if_a_job_is_refused() {
        application
                .withBean(
                        "first",
                        ExportJob.class,
                        () -> ExportJob.builder("contacts", Contact.export(source))
                                .build())
                .withBean(
                        "second",
                        ExportJob.class,
                        () -> ExportJob.builder("contacts", Contact.export(source))
                                .build())
                .run(context -> assertThat(problems(context)).hasSize(1));

        ExportEngine.builder().directory(directory.resolve("state")).build().close();
    }

    @Test
    void should_name_the_other_user_of_the_directory() {
        try (ExportEngine other =
                ExportEngine.builder().directory(directory.resolve("state")).build()) {
            application.run(context ->
                    assertThat(context.getStartupFailure()).rootCause().isInstanceOf(ExportException.class));
            assertThat(other.jobs(JobQuery.all())).isEmpty();
        }
    }

    static List<String> problems(AssertableApplicationContext context) {
        for (Throwable at = context.getStartupFailure(); at != null; at = at.getCause()) {
            if (at instanceof InvalidDefinitionException invalid) {
                return invalid.problems();
            }
        }
        throw new AssertionError("the application has started, or failed otherwise", context.getStartupFailure());
    }
}
