/**
 * Records from the host's database, and watermarks in the database's own terms.
 */
@NullMarked
package io.outfeed.jdbc;

import org.jspecify.annotations.NullMarked;
