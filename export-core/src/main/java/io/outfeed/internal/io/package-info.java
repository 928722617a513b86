/**
 * Files that survive a power cut, and JSON.
 */
@NullMarked
package io.outfeed.internal.io;

import org.jspecify.annotations.NullMarked;
