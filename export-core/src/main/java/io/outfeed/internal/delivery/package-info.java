/**
 * Delivers the files of a run from the spool to its destinations.
 */
@NullMarked
package io.outfeed.internal.delivery;

import org.jspecify.annotations.NullMarked;
