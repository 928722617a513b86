/**
 * The bytes of runs in the tables of the store.
 */
@NullMarked
package io.outfeed.jdbc.internal.spool;

import org.jspecify.annotations.NullMarked;
