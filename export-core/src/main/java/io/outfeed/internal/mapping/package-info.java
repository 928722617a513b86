/**
 * From a record to typed cells, by the fields of its definition.
 */
@NullMarked
package io.outfeed.internal.mapping;

import org.jspecify.annotations.NullMarked;
