/**
 * The services that runs share, their time limits and retries.
 */
@NullMarked
package io.outfeed.internal.run;

import org.jspecify.annotations.NullMarked;
