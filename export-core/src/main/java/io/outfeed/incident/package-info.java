/**
 * Incidents: causes that keep jobs from working, each from its first sign to its end.
 */
@NullMarked
package io.outfeed.incident;

import org.jspecify.annotations.NullMarked;
