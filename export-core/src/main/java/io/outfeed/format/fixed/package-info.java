/**
 * Writes records as lines of fixed width.
 */
@NullMarked
package io.outfeed.format.fixed;

import org.jspecify.annotations.NullMarked;
