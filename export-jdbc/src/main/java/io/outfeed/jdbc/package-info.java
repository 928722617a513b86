/**
 * Records from the host's database, and watermarks that ask it.
 */
@NullMarked
package io.outfeed.jdbc;

import org.jspecify.annotations.NullMarked;
