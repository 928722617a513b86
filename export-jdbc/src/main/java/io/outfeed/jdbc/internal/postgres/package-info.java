/**
 * What PostgreSQL tells about its transactions.
 */
@NullMarked
package io.outfeed.jdbc.internal.postgres;

import org.jspecify.annotations.NullMarked;
