package io.outfeed.spring;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.outfeed.ExportEngine;
import io.outfeed.dbscheduler.DbScheduler;
import io.outfeed.dbscheduler.WakeTask;
import io.outfeed.error.InvalidDefinitionException;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;

/**
 * Makes the scheduler in the database of an application, if {@code outfeed.scheduler} is {@code db-scheduler}: on the
 * application's own db-scheduler if there is one, and a bean of type {@link WakeTask} which it was made with.
 */
@AutoConfiguration(
        before = OutfeedAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration"
        })
@ConditionalOnClass({DbScheduler.class, Scheduler.class})
@ConditionalOnProperty(name = "outfeed.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OutfeedProperties.class)
public class OutfeedDbSchedulerAutoConfiguration {

    /** Makes the configuration. */
    public OutfeedDbSchedulerAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean({io.outfeed.scheduler.Scheduler.class, ExportEngine.class})
    @ConditionalOnProperty(name = "outfeed.scheduler", havingValue = "db-scheduler")
    @DependsOnDatabaseInitialization // the table may be made by Flyway, Liquibase or scripts
    DbScheduler outfeedDbScheduler(
            OutfeedProperties properties,
            ObjectProvider<DataSource> databases,
            ObjectProvider<Scheduler> schedulers,
            ObjectProvider<WakeTask> tasks) {
        Scheduler host = schedulers.getIfUnique();
        WakeTask task = tasks.getIfUnique();
        DataSource database = databases.getIfUnique();
        DbScheduler.Builder builder;
        if (host != null && task != null) {
            builder = DbScheduler.builder(host, task);
        } else if (database != null) {
            builder = DbScheduler.builder(database);
        } else {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.scheduler: is db-scheduler, and there is not exactly one bean of type DataSource:"
                            + " set spring.datasource.url, or add a bean of type Scheduler"));
        }
        OutfeedProperties.DbSchedulerOptions options = properties.dbScheduler();
        builder.closeTimeout(properties.closeTimeout());
        if (properties.jdbc().migrate()) {
            builder.migrate();
        }
        if (properties.workers() != null) {
            builder.workers(properties.workers());
        }
        if (options.tableName() != null) {
            builder.tableName(options.tableName());
        }
        if (options.pollingInterval() != null) {
            builder.pollingInterval(options.pollingInterval());
        }
        if (options.heartbeat() != null) {
            builder.heartbeat(options.heartbeat());
        }
        return builder.build();
    }
}
