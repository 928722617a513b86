/**
 * What a host writes and holds: export definitions, jobs, the engine and its handles, runs, and the exceptions.
 */
@NullMarked
package io.outfeed;

import org.jspecify.annotations.NullMarked;
