/**
 * Where records come from.
 */
@NullMarked
package io.outfeed.source;

import org.jspecify.annotations.NullMarked;
