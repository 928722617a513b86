/**
 * From the records of a source to finished files in the spool.
 */
@NullMarked
package io.outfeed.internal.staging;

import org.jspecify.annotations.NullMarked;
