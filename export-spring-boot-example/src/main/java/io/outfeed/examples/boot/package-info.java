/** A vendor's application: jobs in YAML, and customers with layouts in a table. */
@NullMarked
package io.outfeed.examples.boot;

import org.jspecify.annotations.NullMarked;
