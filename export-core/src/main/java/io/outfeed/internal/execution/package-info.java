/**
 * The life of one run, from its plan to its end.
 */
@NullMarked
package io.outfeed.internal.execution;

import org.jspecify.annotations.NullMarked;
