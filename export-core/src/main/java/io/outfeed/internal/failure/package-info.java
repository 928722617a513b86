/**
 * What a failure may say, and where it happened.
 */
@NullMarked
package io.outfeed.internal.failure;

import org.jspecify.annotations.NullMarked;
