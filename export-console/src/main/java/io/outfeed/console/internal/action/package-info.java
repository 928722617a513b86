/** What people can do to jobs, runs and incidents: when it is offered, what it will do, and doing it. */
@NullMarked
package io.outfeed.console.internal.action;

import org.jspecify.annotations.NullMarked;
