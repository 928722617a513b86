/**
 * How records are ordered, and how far a window may reach.
 */
@NullMarked
package io.outfeed.watermark;

import org.jspecify.annotations.NullMarked;
