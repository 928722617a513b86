/**
 * Opens sources, freezes windows, reads and finds records.
 */
@NullMarked
package io.outfeed.internal.reading;

import org.jspecify.annotations.NullMarked;
