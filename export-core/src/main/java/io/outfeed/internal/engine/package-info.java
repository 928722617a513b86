/**
 * What wakes jobs, and the life of a run from its plan to its end.
 */
@NullMarked
package io.outfeed.internal.engine;

import org.jspecify.annotations.NullMarked;
