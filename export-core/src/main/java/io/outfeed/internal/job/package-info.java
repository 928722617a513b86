/**
 * The registered jobs of an engine, each with its times and flags.
 */
@NullMarked
package io.outfeed.internal.job;

import org.jspecify.annotations.NullMarked;
