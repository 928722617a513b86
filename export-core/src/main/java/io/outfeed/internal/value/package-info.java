/** The texts and types of values. */
@NullMarked
package io.outfeed.internal.value;

import org.jspecify.annotations.NullMarked;
