/**
 * What the file is called and how it is written.
 */
@NullMarked
package io.outfeed.file;

import org.jspecify.annotations.NullMarked;
