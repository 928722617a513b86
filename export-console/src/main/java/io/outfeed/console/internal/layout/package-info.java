/** The form of a layout, and saving it. */
@NullMarked
package io.outfeed.console.internal.layout;

import org.jspecify.annotations.NullMarked;
