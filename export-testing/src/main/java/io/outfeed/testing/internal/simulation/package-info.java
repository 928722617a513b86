/** A simulated month, which the tests of the engine and of stores share. Not exported: hosts need none of it. */
@NullMarked
package io.outfeed.testing.internal.simulation;

import org.jspecify.annotations.NullMarked;
