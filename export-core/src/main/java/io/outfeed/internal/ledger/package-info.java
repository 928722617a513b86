/**
 * Writes runs, their logs and the state of jobs to the store.
 */
@NullMarked
package io.outfeed.internal.ledger;

import org.jspecify.annotations.NullMarked;
