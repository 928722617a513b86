/**
 * Short transactions of the store, and the statements in them.
 */
@NullMarked
package io.outfeed.jdbc.internal.sql;

import org.jspecify.annotations.NullMarked;
