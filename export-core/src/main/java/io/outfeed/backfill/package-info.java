/** Exporting again what has been exported, in chunks: what was asked for, and how far it has come. */
@NullMarked
package io.outfeed.backfill;

import org.jspecify.annotations.NullMarked;
