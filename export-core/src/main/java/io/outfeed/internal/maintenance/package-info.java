/**
 * Maintenance between runs: delivered files, deadlines, checks of destinations.
 */
@NullMarked
package io.outfeed.internal.maintenance;

import org.jspecify.annotations.NullMarked;
