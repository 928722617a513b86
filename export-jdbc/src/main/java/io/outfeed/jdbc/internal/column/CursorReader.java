package io.outfeed.jdbc.internal.column;

import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SqlCancel;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The rows of a result set, which the driver fetches some at a time. */
public final class CursorReader implements RowReader {

    private final SourceConnection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final Columns columns;
    private final SqlCancel cancel;
    private boolean finished;

    /**
     * Makes a reader.
     *
     * @param statement closed with the reader
     * @param cancel ends a fetch that takes too long
     */
    public CursorReader(
            SourceConnection connection,
            PreparedStatement statement,
            ResultSet rows,
            Columns columns,
            SqlCancel cancel) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
        this.cancel = cancel;
    }

    @Override
    public @Nullable RowValues next() throws SQLException {
        if (finished || !connection.call(cancel, rows::next)) {
            finished = true;
            return null;
        }
        @Nullable Object[] values = columns.read(rows, connection::isBroken);
        return index -> values[index];
    }

    @Override
    public void close() throws SQLException {
        try (PreparedStatement toClose = statement) {
            if (!finished && connection.dialect().drainsOnClose()) {
                toClose.cancel();
            }
        }
    }
}
