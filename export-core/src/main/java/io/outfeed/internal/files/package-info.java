/**
 * Writes rows to the named files of a run: data files, archive, control files.
 */
@NullMarked
package io.outfeed.internal.files;

import org.jspecify.annotations.NullMarked;
