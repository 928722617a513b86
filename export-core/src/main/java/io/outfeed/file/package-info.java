/**
 * The files of a run: names, compression, control files.
 */
@NullMarked
package io.outfeed.file;

import org.jspecify.annotations.NullMarked;
