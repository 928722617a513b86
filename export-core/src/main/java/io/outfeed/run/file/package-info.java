/**
 * The files of a run at its destinations, as the ledger has them: uploads, receipts, inspections, removals.
 */
@NullMarked
package io.outfeed.run.file;

import org.jspecify.annotations.NullMarked;
