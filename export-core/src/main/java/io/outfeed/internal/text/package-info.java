/** Text of others: what a message may show of it, and which names lead nowhere else. */
@NullMarked
package io.outfeed.internal.text;

import org.jspecify.annotations.NullMarked;
