/**
 * From the spool to the destinations, and what is looked after there.
 */
@NullMarked
package io.outfeed.internal.delivery;

import org.jspecify.annotations.NullMarked;
