/**
 * The files of a run: names, options, and what becomes of their bytes.
 */
@NullMarked
package io.outfeed.file;

import org.jspecify.annotations.NullMarked;
