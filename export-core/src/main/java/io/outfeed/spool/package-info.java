/** The bytes of runs, where nodes share a store and no directory. */
@NullMarked
package io.outfeed.spool;

import org.jspecify.annotations.NullMarked;
