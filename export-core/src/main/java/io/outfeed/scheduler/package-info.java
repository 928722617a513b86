/**
 * What wakes the engine: the SPI, and a scheduler in the same JVM.
 */
@NullMarked
package io.outfeed.scheduler;

import org.jspecify.annotations.NullMarked;
