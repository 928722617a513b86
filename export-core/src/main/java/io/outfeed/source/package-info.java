/**
 * Sources of records: sessions, windows, positions, parameters.
 */
@NullMarked
package io.outfeed.source;

import org.jspecify.annotations.NullMarked;
