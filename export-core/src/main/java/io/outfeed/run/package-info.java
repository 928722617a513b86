/**
 * Runs as the ledger has them: status, files, deliveries, failures, and the queries that find them.
 */
@NullMarked
package io.outfeed.run;

import org.jspecify.annotations.NullMarked;
