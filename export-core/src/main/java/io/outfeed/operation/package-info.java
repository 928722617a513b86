/**
 * Operations on jobs and runs: handles, summaries, checks, previews.
 */
@NullMarked
package io.outfeed.operation;

import org.jspecify.annotations.NullMarked;
