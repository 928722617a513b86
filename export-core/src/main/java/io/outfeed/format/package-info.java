/**
 * Writes records as bytes: CSV and JSON Lines.
 */
@NullMarked
package io.outfeed.format;

import org.jspecify.annotations.NullMarked;
