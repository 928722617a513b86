/**
 * The text of a source's queries, and what is bound to their named parameters.
 */
@NullMarked
package io.outfeed.jdbc.internal.query;

import org.jspecify.annotations.NullMarked;
