/**
 * What the engine remembers between runs.
 */
@NullMarked
package io.outfeed.store;

import org.jspecify.annotations.NullMarked;
