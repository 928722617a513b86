/** What the templates of pages are given, and how they become HTML. */
@NullMarked
package io.outfeed.console.internal.html;

import org.jspecify.annotations.NullMarked;
