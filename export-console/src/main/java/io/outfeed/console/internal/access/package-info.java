/** What the person of a request may see and do. */
@NullMarked
package io.outfeed.console.internal.access;

import org.jspecify.annotations.NullMarked;
