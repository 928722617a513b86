/**
 * Measures the progress of runs.
 */
@NullMarked
package io.outfeed.internal.progress;

import org.jspecify.annotations.NullMarked;
