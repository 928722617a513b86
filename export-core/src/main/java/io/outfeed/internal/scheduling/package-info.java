/**
 * Decides when jobs run: fire times, the decision at each wake-up, and its execution under the job's lock.
 */
@NullMarked
package io.outfeed.internal.scheduling;

import org.jspecify.annotations.NullMarked;
