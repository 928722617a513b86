/**
 * What the engine tells those who listen.
 */
@NullMarked
package io.outfeed.event;

import org.jspecify.annotations.NullMarked;
