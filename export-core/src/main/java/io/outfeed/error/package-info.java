/**
 * The exceptions of Outfeed: one subtype for each reaction of a caller.
 */
@NullMarked
package io.outfeed.error;

import org.jspecify.annotations.NullMarked;
