/**
 * When jobs run: fire times, the decision at each wake-up, and the locks under which it is carried out.
 */
@NullMarked
package io.outfeed.internal.scheduling;

import org.jspecify.annotations.NullMarked;
