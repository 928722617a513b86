/** Tells the receiver what is in the files: a data dictionary. */
@NullMarked
package io.outfeed.dictionary;

import org.jspecify.annotations.NullMarked;
