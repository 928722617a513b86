/**
 * Delivers finished files to their receivers.
 */
@NullMarked
package io.outfeed.delivery;

import org.jspecify.annotations.NullMarked;
