/**
 * What Outfeed throws: one subtype for each thing a caller can do about a failure.
 */
@NullMarked
package io.outfeed.error;

import org.jspecify.annotations.NullMarked;
