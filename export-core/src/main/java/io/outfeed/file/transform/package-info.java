/**
 * What becomes of the bytes of a file after its format: compression, encryption.
 */
@NullMarked
package io.outfeed.file.transform;

import org.jspecify.annotations.NullMarked;
