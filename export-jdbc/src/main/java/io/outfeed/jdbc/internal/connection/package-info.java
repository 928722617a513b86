/**
 * Connections that a source reads from: read-only transactions with one snapshot, and calls with a time limit.
 */
@NullMarked
package io.outfeed.jdbc.internal.connection;

import org.jspecify.annotations.NullMarked;
