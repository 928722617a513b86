/**
 * Rows of PostgreSQL by {@code COPY ... TO STDOUT}: which queries are read so, what the server is sent, and the bytes
 * of a row.
 */
@NullMarked
package io.outfeed.jdbc.internal.copy;

import org.jspecify.annotations.NullMarked;
