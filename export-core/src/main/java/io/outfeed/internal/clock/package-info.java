/** The clock of an engine, and how it was set while the engine ran. */
@NullMarked
package io.outfeed.internal.clock;

import org.jspecify.annotations.NullMarked;
