/**
 * When a job runs, and who wakes the engine then.
 */
@NullMarked
package io.outfeed.schedule;

import org.jspecify.annotations.NullMarked;
