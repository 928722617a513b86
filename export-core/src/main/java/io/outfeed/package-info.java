/**
 * The entry points of a host: export definitions, jobs, policies, and the engine.
 */
@NullMarked
package io.outfeed;

import org.jspecify.annotations.NullMarked;
