/**
 * The transactions of PostgreSQL: their ids, and those that are open.
 */
@NullMarked
package io.outfeed.jdbc.internal.postgres;

import org.jspecify.annotations.NullMarked;
