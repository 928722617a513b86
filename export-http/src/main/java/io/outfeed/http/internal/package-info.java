/** What uploads and webhooks share. */
@NullMarked
package io.outfeed.http.internal;

import org.jspecify.annotations.NullMarked;
