/**
 * Publishes events to the log and the listeners.
 */
@NullMarked
package io.outfeed.internal.event;

import org.jspecify.annotations.NullMarked;
