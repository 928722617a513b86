/**
 * Wraps and redacts failures, and names their job and run.
 */
@NullMarked
package io.outfeed.internal.failure;

import org.jspecify.annotations.NullMarked;
