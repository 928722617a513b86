/** Servers for the tests of the examples. */
@NullMarked
package io.outfeed.examples.servers;

import org.jspecify.annotations.NullMarked;
