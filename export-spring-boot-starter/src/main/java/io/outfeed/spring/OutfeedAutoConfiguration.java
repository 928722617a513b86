package io.outfeed.spring;

import io.outfeed.ExportEngine;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunObserver;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.job.JobSource;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.spool.Spool;
import io.outfeed.spring.internal.Configuration;
import io.outfeed.spring.internal.StandardSecrets;
import io.outfeed.store.ExportStore;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Makes an engine of the properties and beans of an application: beans of the types {@link ExportStore},
 * {@link Scheduler}, {@link Spool}, {@link ExportListener}, {@link RunObserver}, {@link JobSource}, {@link
 * io.outfeed.ExportJob}, {@link io.outfeed.ExportDefinition}, {@link io.outfeed.delivery.Delivery} and {@link
 * io.outfeed.notification.Notifier}.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
        })
@ConditionalOnProperty(name = "outfeed.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OutfeedProperties.class)
public class OutfeedAutoConfiguration {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    /** Makes the configuration. */
    public OutfeedAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    SecretResolver outfeedSecretResolver(Environment environment) {
        return new StandardSecrets(environment);
    }

    @Bean
    @ConditionalOnMissingBean(ExportStore.class)
    @ConditionalOnProperty(name = "outfeed.store", havingValue = "jdbc")
    @DependsOnDatabaseInitialization // the tables may be made by Flyway, Liquibase or scripts
    JdbcStore outfeedJdbcStore(
            OutfeedProperties properties,
            ObjectProvider<DataSource> databases,
            ObjectProvider<JdbcStoreBuilderCustomizer> customizers) {
        DataSource database = databases.getIfUnique();
        if (database == null) {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.store: is jdbc, and there is not exactly one bean of type DataSource: set"
                            + " spring.datasource.url, or add a bean of type JdbcStore"));
        }
        OutfeedProperties.Jdbc jdbc = properties.jdbc();
        JdbcStore.Builder builder = JdbcStore.builder(database);
        if (jdbc.migrate()) {
            builder.migrate();
        }
        if (jdbc.schema() != null) {
            builder.schema(jdbc.schema());
        }
        if (jdbc.tablePrefix() != null) {
            builder.tablePrefix(jdbc.tablePrefix());
        }
        if (jdbc.lease() != null) {
            builder.lease(jdbc.lease());
        }
        customizers.orderedStream().forEach(each -> each.customize(builder));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    Configuration outfeedConfiguration(
            OutfeedProperties properties,
            SecretResolver secrets,
            ListableBeanFactory beans,
            ConfigurableEnvironment environment) {
        return Configuration.read(properties, secrets, beans, environment);
    }

    @Bean
    @ConditionalOnMissingBean
    ExportEngine outfeedEngine(OutfeedProperties properties, Configuration configuration, ListableBeanFactory beans) {
        ExportEngine engine = builder(properties, configuration, beans).build();
        try {
            engine.addAll(configuration.jobs());
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
        return engine;
    }

    private static ExportEngine.Builder builder(
            OutfeedProperties properties, Configuration configuration, ListableBeanFactory beans) {
        ExportEngine.Builder builder = ExportEngine.builder().closeTimeout(properties.closeTimeout());
        List<ExportEngineBuilderCustomizer> customizers = beans.getBeanProvider(ExportEngineBuilderCustomizer.class)
                .orderedStream()
                .toList();
        if (properties.directory() != null) {
            builder.directory(Path.of(properties.directory()));
        } else if (customizers.isEmpty()) {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.directory: is missing: set a durable directory, such as /var/lib/outfeed"));
        }
        if (properties.workers() != null) {
            builder.workers(properties.workers());
        }
        if (usesVirtualThreads(properties, beans.getBean(Environment.class))) {
            builder.workerThreads(new VirtualThreadTaskExecutor("outfeed-worker-").getVirtualThreadFactory());
        }
        if (properties.runsPerServer() != null) {
            builder.runsPerServer(properties.runsPerServer());
        }
        if (properties.compressorThreads() != null) {
            builder.compressorThreads(properties.compressorThreads());
        }
        if (properties.keepHistory() != null) {
            builder.keepHistory(properties.keepHistory());
        }
        if (properties.checkDestinationsEvery() != null) {
            builder.checkDestinationsEvery(properties.checkDestinationsEvery());
        }
        if (properties.expectDeliveredWithin() != null) {
            builder.expectDeliveredWithin(properties.expectDeliveredWithin());
        }
        beans.getBeanProvider(ExportStore.class).ifUnique(builder::store);
        Scheduler scheduler = beans.getBeanProvider(Scheduler.class).getIfUnique();
        if (scheduler != null) {
            builder.scheduler(scheduler);
        } else if (properties.scheduler() == OutfeedProperties.SchedulerKind.DB_SCHEDULER) {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.scheduler: is db-scheduler, and export-db-scheduler is missing: add it as a"
                            + " dependency"));
        }
        beans.getBeanProvider(JdbcStore.class).ifUnique(store -> {
            if (properties.jdbc().spool()) {
                builder.spool(store.spool());
            }
        });
        beans.getBeanProvider(Spool.class).ifUnique(builder::spool);
        beans.getBeanProvider(ExportListener.class).orderedStream().forEach(builder::listener);
        beans.getBeanProvider(RunObserver.class).orderedStream().forEach(builder::observer);
        beans.getBeanProvider(JobSource.class)
                .orderedStream()
                .forEach(source -> builder.jobs(source, properties.reloadJobsEvery()));
        configuration.notifiers().forEach(builder::notifier);
        customizers.forEach(each -> each.customize(builder));
        return builder;
    }

    /** The property of Spring Boot is ignored on an older JDK, as Spring Boot does. */
    private static boolean usesVirtualThreads(OutfeedProperties properties, Environment environment) {
        boolean supported = Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
        if (properties.virtualThreads() == null) {
            return supported && environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
        } else if (properties.virtualThreads() && !supported) {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.virtual-threads: needs JDK 21, and this is "
                            + Runtime.version().feature()));
        }
        return properties.virtualThreads();
    }

    @Bean
    @ConditionalOnMissingBean
    OutfeedLifecycle outfeedLifecycle(ExportEngine engine, OutfeedProperties properties) {
        return new OutfeedLifecycle(engine, properties.start());
    }
}
