/**
 * How values become bytes.
 */
@NullMarked
package io.outfeed.internal.format;

import org.jspecify.annotations.NullMarked;
