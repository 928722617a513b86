/** An engine in an application of Spring Boot: its auto-configuration, and what an application may replace of it. */
@NullMarked
package io.outfeed.spring;

import org.jspecify.annotations.NullMarked;
