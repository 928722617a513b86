/** The demonstration, and the compiled documentation. Begin with {@link io.outfeed.examples.Demo}. */
@NullMarked
package io.outfeed.examples;

import org.jspecify.annotations.NullMarked;
