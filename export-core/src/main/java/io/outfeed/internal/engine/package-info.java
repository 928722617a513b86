/**
 * Assembles, starts and closes an engine.
 */
@NullMarked
package io.outfeed.internal.engine;

import org.jspecify.annotations.NullMarked;
