/**
 * Records to bytes: CSV and JSON lines.
 */
@NullMarked
package io.outfeed.format;

import org.jspecify.annotations.NullMarked;
