/**
 * Reads keys, and writes encrypted and signed files.
 */
@NullMarked
package io.outfeed.pgp.internal;

import org.jspecify.annotations.NullMarked;
