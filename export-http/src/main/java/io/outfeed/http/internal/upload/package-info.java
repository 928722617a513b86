/** Uploads by HTTP: requests, what their answers mean, and what a receiver has. */
@NullMarked
package io.outfeed.http.internal.upload;

import org.jspecify.annotations.NullMarked;
