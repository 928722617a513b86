package io.outfeed.jdbc.internal.column;

import org.jspecify.annotations.Nullable;

/** The values of a row, which stay when the next row is read. Thread-safe unless the caller changes an array of it. */
@FunctionalInterface
public interface RowValues {

    /**
     * Returns a value in its Java type.
     *
     * @param index of its column, from 0
     * @return the value, null, or an {@link OddValue}
     */
    @Nullable
    Object get(int index);
}
