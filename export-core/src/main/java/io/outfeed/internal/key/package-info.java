/**
 * Record keys, their order, and the latest version of each key.
 */
@NullMarked
package io.outfeed.internal.key;

import org.jspecify.annotations.NullMarked;
