/**
 * Compares the rows of a run with the rows that were delivered before.
 */
@NullMarked
package io.outfeed.internal.changes;

import org.jspecify.annotations.NullMarked;
