/** The console in a container of Jakarta Servlet 6. */
@NullMarked
package io.outfeed.console.servlet;

import org.jspecify.annotations.NullMarked;
