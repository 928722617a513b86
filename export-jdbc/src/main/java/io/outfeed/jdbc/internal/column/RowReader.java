package io.outfeed.jdbc.internal.column;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a query one at a time, in its order. Used by one thread at a time. */
public interface RowReader {

    /**
     * Reads the next row.
     *
     * @return its values; null after the last row
     * @throws SQLException what the driver throws; nothing is read after it
     */
    @Nullable
    RowValues next() throws SQLException;

    /**
     * Ends the reading, also before the last row: the connection can then be used for other statements, or is closed.
     * Does nothing if it has ended.
     *
     * @throws SQLException what the driver throws
     */
    void close() throws SQLException;
}
