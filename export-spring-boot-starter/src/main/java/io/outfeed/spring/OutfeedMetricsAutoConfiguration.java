package io.outfeed.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.outfeed.ExportEngine;
import io.outfeed.micrometer.ExportMetrics;
import io.outfeed.micrometer.ExportObservations;
import io.outfeed.micrometer.JobTags;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds meters and observations to the engine of an application that has Micrometer. */
@AutoConfiguration(
        after = OutfeedAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration"
        })
@ConditionalOnBean(OutfeedProperties.class)
@ConditionalOnClass(ExportMetrics.class)
public class OutfeedMetricsAutoConfiguration {

    /** Makes the configuration. */
    public OutfeedMetricsAutoConfiguration() {}

    /** The meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class Meters {

        @Bean
        @ConditionalOnMissingBean
        JobTags outfeedJobTags(OutfeedProperties properties, ObjectProvider<ExportEngine> engine) {
            JobTags tags = properties.metrics().jobTag() ? JobTags.none().job() : JobTags.none();
            for (String parameter : properties.metrics().parameterTags()) {
                tags = tags.tag(
                        parameter,
                        job -> engine.getObject()
                                .job(job)
                                .job()
                                .parameters()
                                .asMap()
                                .getOrDefault(parameter, "none"));
            }
            return tags;
        }

        @Bean
        @ConditionalOnMissingBean
        ExportMetrics outfeedMetrics(MeterRegistry registry, JobTags tags, OutfeedProperties properties) {
            return new ExportMetrics(registry, tags, properties.metrics().refresh());
        }

        /** The engine has its listeners before it has gauges. */
        @Bean
        SmartInitializingSingleton outfeedGauges(ExportMetrics metrics, ObjectProvider<ExportEngine> engine) {
            return () -> engine.ifUnique(metrics::bind);
        }
    }

    /** The observations. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnBean(ObservationRegistry.class)
    static class Observations {

        @Bean
        @ConditionalOnMissingBean
        ExportObservations outfeedObservations(ObservationRegistry registry) {
            return new ExportObservations(registry);
        }
    }
}
