/** The console: pages for the people who operate exports, what they may do, and who asks. */
@NullMarked
package io.outfeed.console;

import org.jspecify.annotations.NullMarked;
