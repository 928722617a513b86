/**
 * Finds a record in the kept files of runs.
 */
@NullMarked
package io.outfeed.internal.search;

import org.jspecify.annotations.NullMarked;
