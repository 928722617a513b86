/** The console in the HTTP server of the JDK. */
@NullMarked
package io.outfeed.console.httpserver;

import org.jspecify.annotations.NullMarked;
