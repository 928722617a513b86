package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.dbscheduler.DbScheduler;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class OutfeedDbSchedulerTest {

    @TempDir
    private Path directory;

    private final ListSource<Contact> source = Contact.source();
    private ApplicationContextRunner application;

    @BeforeEach
    void set_up() {
        source.put(new Contact(1, "Ann", "A", Instant.parse("2026-02-01T00:00:00Z")));
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        OutfeedAutoConfiguration.class, OutfeedDbSchedulerAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(source))
                .withPropertyValues(
                        "outfeed.directory=" + directory.resolve("state"), "outfeed.scheduler=db-scheduler");
    }

    @Test
    void should_run_jobs_by_the_table_of_the_application() throws Exception {
        CountDownLatch delivered = new CountDownLatch(1);
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            DataSource database = postgres.getPostgresDatabase();
            application
                    .withBean(DataSource.class, () -> database)
                    .withBean(ExportListener.class, () -> event -> {
                        if (event instanceof RunEvent run && run.kind() == RunEvent.Kind.SUCCEEDED) {
                            delivered.countDown();
                        }
                    })
                    .withBean(
                            ExportJob.class,
                            () -> ExportJob.builder("contacts", Contact.export(source))
                                    .schedule(Schedule.every(Duration.ofSeconds(1), Instant.EPOCH))
                                    .deliverTo(lakeside)
                                    .build())
                    .withPropertyValues(
                            "outfeed.store=jdbc",
                            "outfeed.db-scheduler.table-name=wake_ups",
                            "outfeed.db-scheduler.polling-interval=50ms",
                            "outfeed.db-scheduler.heartbeat=1s")
                    .run(context -> {
                        assertThat(context).hasSingleBean(DbScheduler.class);
                        assertThat(delivered.await(1, TimeUnit.MINUTES)).isTrue();
                        assertThat(lakeside.file("contacts-1.csv").lines()).hasSize(2);
                    });
        }
    }

    @Test
    void should_want_one_database() {
        application.run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                .containsExactly(
                        "outfeed.scheduler: is db-scheduler, and there is not exactly one bean of type DataSource:"
                                + " set spring.datasource.url, or add a bean of type Scheduler"));
    }

    @Test
    void should_want_its_module() {
        application
                .withClassLoader(new FilteredClassLoader("io.outfeed.dbscheduler"))
                .run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                        .containsExactly(
                                "outfeed.scheduler: is db-scheduler, and export-db-scheduler is missing: add it as a"
                                        + " dependency"));
    }

    @Test
    void should_make_none_for_an_engine_of_the_application() {
        ExportEngine engine =
                ExportEngine.builder().directory(directory.resolve("own")).build();
        application
                .withBean(ExportEngine.class, () -> engine)
                .run(context -> assertThat(context).doesNotHaveBean(DbScheduler.class));
    }
}
