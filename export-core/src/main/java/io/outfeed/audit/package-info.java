/** What people have done to jobs, runs and incidents: who, what, why, when, and what came of it. */
@NullMarked
package io.outfeed.audit;

import org.jspecify.annotations.NullMarked;
