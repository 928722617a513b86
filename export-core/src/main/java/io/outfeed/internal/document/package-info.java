/** Runs and positions as text, which all stores write alike. */
@NullMarked
package io.outfeed.internal.document;

import org.jspecify.annotations.NullMarked;
