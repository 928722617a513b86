/**
 * Tells the log and the listeners what happens.
 */
@NullMarked
package io.outfeed.internal.event;

import org.jspecify.annotations.NullMarked;
