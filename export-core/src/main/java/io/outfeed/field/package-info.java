/**
 * How a record becomes columns.
 */
@NullMarked
package io.outfeed.field;

import org.jspecify.annotations.NullMarked;
