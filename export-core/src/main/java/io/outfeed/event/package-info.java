/**
 * The events of the engine, and their listeners.
 */
@NullMarked
package io.outfeed.event;

import org.jspecify.annotations.NullMarked;
