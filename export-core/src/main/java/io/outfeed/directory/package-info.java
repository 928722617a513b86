/**
 * Delivery to a directory of a local or mounted file system.
 */
@NullMarked
package io.outfeed.directory;

import org.jspecify.annotations.NullMarked;
