package io.outfeed.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Maps rows to records.
 *
 * <p>Called by the thread of the run, once a row, in the order of the query. What it throws fails the run before
 * anything is published; the engine leaves out its message, which may quote the row.
 *
 * @param <T> the record type
 */
@FunctionalInterface
public interface RowMapper<T extends @Nullable Object> {

    /**
     * Makes a record.
     *
     * @param row the row, which stays valid
     * @return the record
     * @throws Exception if that can't be done
     */
    T map(Row row) throws Exception;
}
