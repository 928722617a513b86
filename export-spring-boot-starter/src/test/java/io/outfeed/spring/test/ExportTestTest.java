package io.outfeed.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.operation.JobStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.spring.OutfeedLifecycle;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

@ExportTest
@TestPropertySource(
        properties = {
            "outfeed.directory=/not/here",
            "outfeed.destinations.lakeside.sftp.host=sftp.lakeside.invalid",
            "outfeed.destinations.lakeside.sftp.user=outfeed",
            "outfeed.destinations.lakeside.sftp.password=env:LAKESIDE_PASSWORD",
            "outfeed.destinations.lakeside.sftp.host-keys=SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "outfeed.destinations.lakeside.sftp.directory=in",
            "outfeed.jobs.visits-lakeside.definitions=visits",
            "outfeed.jobs.visits-lakeside.deliver-to=lakeside",
            "outfeed.jobs.visits-lakeside.schedule.daily=07:00",
            "outfeed.jobs.visits-lakeside.schedule.zone=UTC",
            "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                    + "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
        })
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
class ExportTestTest {

    record Visit(long id, Instant at) {}

    /** The application of this test. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        private final ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);

        @Bean
        ExportDefinition<Visit> visits() {
            source.put(new Visit(1, Instant.parse("2026-03-01T00:00:00Z")));
            return ExportDefinition.builder("visits", Visit.class)
                    .source(source)
                    .recordKey(Visit::id)
                    .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                    .fields(f -> f.field("id", Visit::id))
                    .file(f -> f.name("{job}-{sequence}.csv"))
                    .build();
        }

        @Bean
        JobSource customers(ExportDefinition<Visit> visits) {
            return new JobSource() {
                @Override
                public String id() {
                    return "customers";
                }

                @Override
                public List<JobRow> load() {
                    return List.of(new JobRow(
                            "visits-riverside",
                            "1",
                            () -> ExportJob.builder("visits-riverside", visits)
                                    .schedule(Schedule.daily(LocalTime.of(8, 0), ZoneOffset.UTC))
                                    .deliverTo(DirectoryDelivery.to("riverside", Path.of("/not/here")))
                                    .build()));
                }
            };
        }

        @Bean
        Succeeded succeeded() {
            return new Succeeded();
        }
    }

    /** A listener of the application. */
    static final class Succeeded implements ExportListener {

        private final List<String> jobs = new ArrayList<>();

        @Override
        public void onEvent(ExportEvent event) {
            if (event instanceof RunEvent of && of.kind() == RunEvent.Kind.SUCCEEDED) {
                jobs.add(of.run().job());
            }
        }
    }

    @Autowired
    private ExportSandbox sandbox;

    @Autowired
    private SandboxDeliveries deliveries;

    @Autowired
    private ExportEngine engine;

    @Autowired
    private SettableClock clock;

    @Autowired
    private Succeeded succeeded;

    @Autowired
    private OutfeedLifecycle lifecycle;

    @Test
    void should_run_the_jobs_of_the_application_by_the_clock_of_the_test() {
        assertThat(clock.instant()).isEqualTo("2026-03-02T00:00:00Z");

        sandbox.advance(Duration.ofDays(1));

        assertThat(deliveries.at("lakeside").file("visits-lakeside-1.csv").lines())
                .hasSize(2);
        assertThat(deliveries.at("riverside").file("visits-riverside-1.csv").lines())
                .hasSize(2);
        assertThat(succeeded.jobs).containsExactly("visits-lakeside", "visits-riverside");
        assertThat(engine).isSameAs(sandbox.engine());
        assertThat(lifecycle.isRunning()).isFalse();
    }

    @Test
    void should_let_a_destination_fail() {
        deliveries.at("lakeside").failNext(Operation.OPEN, Failure.REFUSED);

        sandbox.advance(Duration.ofHours(7));

        assertThat(engine.job("visits-lakeside").summary().status()).isEqualTo(JobStatus.DELAYED);
    }
}
