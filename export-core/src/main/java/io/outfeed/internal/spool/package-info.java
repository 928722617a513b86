/**
 * Stores the files of runs on the local disk.
 */
@NullMarked
package io.outfeed.internal.spool;

import org.jspecify.annotations.NullMarked;
