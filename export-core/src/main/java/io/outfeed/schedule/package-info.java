/**
 * Schedules of jobs, their fires and explanations.
 */
@NullMarked
package io.outfeed.schedule;

import org.jspecify.annotations.NullMarked;
