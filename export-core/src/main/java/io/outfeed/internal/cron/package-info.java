/**
 * Parses cron expressions.
 */
@NullMarked
package io.outfeed.internal.cron;

import org.jspecify.annotations.NullMarked;
