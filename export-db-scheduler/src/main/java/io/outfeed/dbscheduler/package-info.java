/**
 * A scheduler on <a href="https://github.com/kagkarlsson/db-scheduler">db-scheduler</a>: nodes share the wake-ups of
 * jobs in one table, and each wakes one of them.
 */
@NullMarked
package io.outfeed.dbscheduler;

import org.jspecify.annotations.NullMarked;
