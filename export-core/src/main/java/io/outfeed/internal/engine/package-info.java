/**
 * The life of a run.
 */
@NullMarked
package io.outfeed.internal.engine;

import org.jspecify.annotations.NullMarked;
