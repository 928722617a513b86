/**
 * Checks that the builders share.
 */
@NullMarked
package io.outfeed.internal.check;

import org.jspecify.annotations.NullMarked;
