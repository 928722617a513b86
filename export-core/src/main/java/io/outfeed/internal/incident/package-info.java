/**
 * Opens incidents at their first sign, and follows them to their end.
 */
@NullMarked
package io.outfeed.internal.incident;

import org.jspecify.annotations.NullMarked;
