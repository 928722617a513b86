package io.outfeed.spring.actuate;

import io.outfeed.ExportEngine;
import io.outfeed.spring.OutfeedAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Adds the endpoints of an application with the actuator. */
@AutoConfiguration(after = OutfeedAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ExportEngine.class)
public class OutfeedEndpointAutoConfiguration {

    /** Makes the configuration. */
    public OutfeedEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    OutfeedEndpoint outfeedEndpoint(ExportEngine engine) {
        return new OutfeedEndpoint(engine);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    OutfeedOperationsEndpoint outfeedOperationsEndpoint(ExportEngine engine) {
        return new OutfeedOperationsEndpoint(engine);
    }
}
