package io.outfeed.spring.byhand;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** What an application adds instead of the starter. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class ByHand {

    /** Makes the configuration. */
    public ByHand() {}
}
