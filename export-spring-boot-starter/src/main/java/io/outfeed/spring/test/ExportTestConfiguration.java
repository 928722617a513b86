package io.outfeed.spring.test;

import io.outfeed.ExportEngine;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunObserver;
import io.outfeed.job.JobSource;
import io.outfeed.spring.ExportEngineBuilderCustomizer;
import io.outfeed.spring.OutfeedLifecycle;
import io.outfeed.spring.OutfeedProperties;
import io.outfeed.spring.internal.Configuration;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.SettableClock;
import java.time.Instant;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Puts a sandbox in the place of an application's engine. */
@TestConfiguration(proxyBeanMethods = false)
class ExportTestConfiguration {

    /** What the clock shows when a test begins, unless the property says otherwise. */
    private static final String START = "2026-03-02T00:00:00Z";

    @Bean
    SandboxDeliveries sandboxDeliveries() {
        return new SandboxDeliveries();
    }

    /** Its engine is started at once, and loads the job sources of the application. */
    @Bean
    @DependsOnDatabaseInitialization
    ExportSandbox exportSandbox(
            OutfeedProperties properties,
            Configuration configuration,
            ListableBeanFactory beans,
            Environment environment,
            SandboxDeliveries deliveries) {
        Instant start = Instant.parse(environment.getProperty("outfeed-test.start", START));
        ExportSandbox sandbox = ExportSandbox.startingAt(start, engine -> {
            beans.getBeanProvider(ExportListener.class).orderedStream().forEach(engine::listener);
            beans.getBeanProvider(RunObserver.class).orderedStream().forEach(engine::observer);
            beans.getBeanProvider(JobSource.class)
                    .orderedStream()
                    .forEach(source -> engine.jobs(deliveries.inMemory(source), properties.reloadJobsEvery()));
            beans.getBeanProvider(ExportEngineBuilderCustomizer.class)
                    .orderedStream()
                    .forEach(each -> each.customize(engine));
        });
        configuration.jobs().forEach(job -> sandbox.add(deliveries.inMemory(job)));
        return sandbox;
    }

    @Bean
    ExportEngine outfeedEngine(ExportSandbox sandbox) {
        return sandbox.engine();
    }

    /** In the place of a store in the application's database. */
    @Bean
    ExportStore sandboxStore(ExportSandbox sandbox) {
        return sandbox.store();
    }

    @Bean
    SettableClock sandboxClock(ExportSandbox sandbox) {
        return sandbox.clock();
    }

    /** The engine of a sandbox is started already. */
    @Bean
    OutfeedLifecycle outfeedLifecycle(ExportEngine engine) {
        return new OutfeedLifecycle(engine, false);
    }
}
