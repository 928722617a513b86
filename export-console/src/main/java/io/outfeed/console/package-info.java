/** The console: pages for the people who operate exports, what they may do, and their requests. */
@NullMarked
package io.outfeed.console;

import org.jspecify.annotations.NullMarked;
