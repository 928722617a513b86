/**
 * The tables of the store: their DDL by version and database.
 */
@NullMarked
package io.outfeed.jdbc.internal.schema;

import org.jspecify.annotations.NullMarked;
