/**
 * The scheduler that wakes the engine: the SPI, and an implementation in the same JVM.
 */
@NullMarked
package io.outfeed.scheduler;

import org.jspecify.annotations.NullMarked;
