/** Records, deliveries, faults and processes that the tests of several packages share. */
@NullMarked
package io.outfeed.support;

import org.jspecify.annotations.NullMarked;
