package io.outfeed.spring.actuate;

import io.outfeed.ExportEngine;
import io.outfeed.spring.OutfeedAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;

/** Adds the health of the engine to that of the application. */
@AutoConfiguration(after = OutfeedAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(ExportEngine.class)
public class OutfeedHealthAutoConfiguration {

    /** Makes the configuration. */
    public OutfeedHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "outfeedHealthIndicator")
    @ConditionalOnEnabledHealthIndicator("outfeed")
    HealthIndicator outfeedHealthIndicator(ExportEngine engine) {
        return () -> {
            EngineHealth health = EngineHealth.of(engine);
            return (health.up() ? Health.up() : Health.down())
                    .withDetails(health.details())
                    .build();
        };
    }
}
