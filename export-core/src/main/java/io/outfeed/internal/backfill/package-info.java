/** The chunks of backfills: which one is next, and what became of the last. */
@NullMarked
package io.outfeed.internal.backfill;

import org.jspecify.annotations.NullMarked;
