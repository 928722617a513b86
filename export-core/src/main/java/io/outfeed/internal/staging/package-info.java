/**
 * Stages the records of a source as finished files in the spool.
 */
@NullMarked
package io.outfeed.internal.staging;

import org.jspecify.annotations.NullMarked;
