/** The lines of the audit as rows. */
@NullMarked
package io.outfeed.jdbc.internal.audit;

import org.jspecify.annotations.NullMarked;
