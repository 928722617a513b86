/** A host of Spring Boot 4 without the starter, which the guide compares with one that has it. */
@NullMarked
package io.outfeed.spring.byhand;

import org.jspecify.annotations.NullMarked;
