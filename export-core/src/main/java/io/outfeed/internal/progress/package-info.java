/**
 * How far the runs have come that are on their way.
 */
@NullMarked
package io.outfeed.internal.progress;

import org.jspecify.annotations.NullMarked;
