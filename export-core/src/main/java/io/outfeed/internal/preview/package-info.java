/**
 * Previews mapped records without writing a file.
 */
@NullMarked
package io.outfeed.internal.preview;

import org.jspecify.annotations.NullMarked;
