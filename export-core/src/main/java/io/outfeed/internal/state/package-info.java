/**
 * The directory of the file store, its locks, and the text of its files.
 */
@NullMarked
package io.outfeed.internal.state;

import org.jspecify.annotations.NullMarked;
