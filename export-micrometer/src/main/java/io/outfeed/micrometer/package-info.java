/** Meters and observations of runs, by Micrometer. */
@NullMarked
package io.outfeed.micrometer;

import org.jspecify.annotations.NullMarked;
