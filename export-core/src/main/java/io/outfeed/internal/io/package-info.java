/**
 * Files that survive a power cut.
 */
@NullMarked
package io.outfeed.internal.io;

import org.jspecify.annotations.NullMarked;
