/** Jobs from a table or a configuration of the host. */
@NullMarked
package io.outfeed.job;

import org.jspecify.annotations.NullMarked;
