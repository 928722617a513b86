/** What each page shows, read from the engine. */
@NullMarked
package io.outfeed.console.internal.page;

import org.jspecify.annotations.NullMarked;
