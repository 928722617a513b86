/** Turns what a layout has chosen into the columns, the filter and the file of a definition. */
@NullMarked
package io.outfeed.internal.layout;

import org.jspecify.annotations.NullMarked;
