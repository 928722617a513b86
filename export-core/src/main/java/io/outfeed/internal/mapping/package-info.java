/**
 * Maps records to typed cells, by the fields of a definition.
 */
@NullMarked
package io.outfeed.internal.mapping;

import org.jspecify.annotations.NullMarked;
