/**
 * The values that the engine hands out.
 */
@NullMarked
package io.outfeed.internal.model;

import org.jspecify.annotations.NullMarked;
