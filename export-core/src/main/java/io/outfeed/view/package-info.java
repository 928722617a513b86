/** Jobs, runs and incidents as records for the JSON of pages and endpoints. */
@NullMarked
package io.outfeed.view;

import org.jspecify.annotations.NullMarked;
