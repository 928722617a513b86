/**
 * Transforms of a file, one after the other.
 */
@NullMarked
package io.outfeed.internal.transform;

import org.jspecify.annotations.NullMarked;
