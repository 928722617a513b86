/**
 * How a finished file reaches its receiver.
 */
@NullMarked
package io.outfeed.delivery;

import org.jspecify.annotations.NullMarked;
