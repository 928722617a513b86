/** What must come out nowhere: the values of records, secrets, and what others say about them. */
@NullMarked
package io.outfeed.examples.leak;

import org.jspecify.annotations.NullMarked;
