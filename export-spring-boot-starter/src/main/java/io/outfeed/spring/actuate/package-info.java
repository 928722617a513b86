/** What the actuator of Spring Boot shows of an engine, and the operations that it may allow. */
@NullMarked
package io.outfeed.spring.actuate;

import org.jspecify.annotations.NullMarked;
