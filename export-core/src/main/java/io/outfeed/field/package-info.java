/**
 * Maps records to columns: fields, transformations, match codes.
 */
@NullMarked
package io.outfeed.field;

import org.jspecify.annotations.NullMarked;
