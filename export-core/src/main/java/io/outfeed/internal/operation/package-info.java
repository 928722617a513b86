/**
 * The handles that the engine gives out.
 */
@NullMarked
package io.outfeed.internal.operation;

import org.jspecify.annotations.NullMarked;
