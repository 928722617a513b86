/**
 * The persistent state of the engine: the SPI, and a store in files.
 */
@NullMarked
package io.outfeed.store;

import org.jspecify.annotations.NullMarked;
