/**
 * The columns of a result, and their values as Java has them, the same for all drivers.
 */
@NullMarked
package io.outfeed.jdbc.internal.column;

import org.jspecify.annotations.NullMarked;
