/**
 * What every run works with: the ledger, the listeners, limits and retries.
 */
@NullMarked
package io.outfeed.internal.run;

import org.jspecify.annotations.NullMarked;
