/**
 * Executes runs, from the plan to the end.
 */
@NullMarked
package io.outfeed.internal.execution;

import org.jspecify.annotations.NullMarked;
