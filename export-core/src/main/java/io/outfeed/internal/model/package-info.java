/**
 * Builds the values of the API.
 */
@NullMarked
package io.outfeed.internal.model;

import org.jspecify.annotations.NullMarked;
