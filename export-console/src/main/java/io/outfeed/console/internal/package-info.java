/** From a request to the page that answers it. */
@NullMarked
package io.outfeed.console.internal;

import org.jspecify.annotations.NullMarked;
