/**
 * What formats share: encoding text as bytes, and lines with the values of a run.
 */
@NullMarked
package io.outfeed.internal.format;

import org.jspecify.annotations.NullMarked;
