/**
 * Builds the values of the API, and the failures that all stores report alike.
 */
@NullMarked
package io.outfeed.internal.model;

import org.jspecify.annotations.NullMarked;
