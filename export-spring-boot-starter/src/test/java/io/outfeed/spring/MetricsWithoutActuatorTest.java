package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.micrometer.ExportMetrics;
import io.outfeed.run.RunStatus;
import io.outfeed.spring.actuate.OutfeedEndpoint;
import io.outfeed.spring.actuate.OutfeedEndpointAutoConfiguration;
import io.outfeed.spring.actuate.OutfeedHealthAutoConfiguration;
import io.outfeed.testing.ListSource;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Applications that have Micrometer and no actuator, or neither. */
class MetricsWithoutActuatorTest {

    /** The packages of the actuator, of Spring Boot 4 and of 3.5. */
    private static final String[] ACTUATOR = {"org.springframework.boot.actuate", "org.springframework.boot.health"};

    @TempDir
    private Path directory;

    private ApplicationContextRunner application() {
        ListSource<Contact> source = Contact.source();
        source.put(new Contact(1, "Ann", "A", Instant.parse("2026-02-01T00:00:00Z")));
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        OutfeedAutoConfiguration.class,
                        OutfeedMetricsAutoConfiguration.class,
                        OutfeedEndpointAutoConfiguration.class,
                        OutfeedHealthAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(source))
                .withPropertyValues(
                        "outfeed.directory=" + directory,
                        "outfeed.metrics.job-tag=true",
                        "outfeed.jobs.contacts-lakeside.definitions=contacts");
    }

    @Test
    void should_count_in_the_registry_of_an_application_without_the_actuator() {
        application()
                .withClassLoader(new FilteredClassLoader(ACTUATOR))
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean(ExportEngineBuilderCustomizer.class, () -> engine -> engine.listenerExecutor(Runnable::run))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(OutfeedEndpoint.class);
                    context.getBean(ExportEngine.class).job("contacts-lakeside").runNow();

                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(registry.get("outfeed.rows")
                                    .tag("job", "contacts-lakeside")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("outfeed.workers.busy").gauge().value())
                            .isZero();
                });
    }

    @Test
    void should_count_nothing_without_a_registry() {
        application()
                .withClassLoader(new FilteredClassLoader(ACTUATOR))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ExportMetrics.class));
    }

    @Test
    void should_work_without_micrometer() {
        application()
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate", "org.springframework.boot.health", "io.micrometer"))
                .run(context -> assertThat(context.getBean(ExportEngine.class)
                                .job("contacts-lakeside")
                                .runNow()
                                .status())
                        .isEqualTo(RunStatus.COMMITTED));
    }
}
