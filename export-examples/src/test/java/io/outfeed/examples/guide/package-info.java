/** Compiles the code of the guide. */
@NullMarked
package io.outfeed.examples.guide;

import org.jspecify.annotations.NullMarked;
