package io.outfeed.jdbc.internal.copy;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.column.BinaryValue;
import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.column.RowReader;
import io.outfeed.jdbc.internal.column.RowValues;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SqlCall;
import io.outfeed.jdbc.internal.connection.SqlCancel;
import io.outfeed.jdbc.internal.postgres.PostgresDriver;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a COPY. The server sends a message for each: the number of its values, then for each value its length and
 * its bytes. The first message begins with a header; a message with -1 for a number is the last.
 */
final class CopyReader implements RowReader {

    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final short NO_MORE_ROWS = -1;

    private static final String CANCELLED = "57014";

    private final SourceConnection connection;
    private final CopyOut copy;
    private final SqlCancel cancel;
    private final SqlCall<byte @Nullable []> read;
    private final @Nullable BinaryValue[] types;

    /** The first message, until it is asked for. */
    private byte @Nullable [] first;

    private boolean begun;

    /** Whether nothing is to be cancelled any more. */
    private boolean failed;

    CopyReader(SourceConnection connection, PostgresDriver driver, CopyOut copy, Columns columns) {
        this.connection = connection;
        this.copy = copy;
        this.cancel = driver::cancel;
        this.read = copy::readFromCopy;
        this.types = new BinaryValue[columns.names().size()];
        for (int i = 0; i < types.length; i++) {
            BinaryValue known = columns.binary(i);
            types[i] = known == null ? BinaryValue.TEXT : known;
        }
    }

    /** Waits for the first message: what fails at once fails before it is said that rows are read. */
    void readAhead() throws SQLException {
        first = read();
    }

    @Override
    public @Nullable RowValues next() throws SQLException {
        byte[] message = message();
        int at = 0;
        if (message != null && !begun) {
            begun = true;
            at = headerLength(message);
            if (at == message.length) {
                message = message();
                at = 0;
            }
        }
        if (message == null) {
            return null;
        }
        short count = BinaryValue.int16(message, at);
        if (count == NO_MORE_ROWS) {
            return end();
        }
        return new CopiedRow(message, starts(message, at + 2, count), types);
    }

    private byte @Nullable [] message() throws SQLException {
        byte[] message = first;
        first = null;
        return message != null || failed || !copy.isActive() ? message : read();
    }

    private byte @Nullable [] read() throws SQLException {
        try {
            return connection.call(cancel, read);
        } catch (SQLException e) {
            failed = true;
            if (copy.isActive()) { // the answer of the server has not come to its end
                connection.abort();
            }
            throw e;
        }
    }

    private @Nullable RowValues end() throws SQLException {
        while (copy.isActive()) {
            read();
        }
        return null;
    }

    /** The header: a signature, 32 flags, and the length of an extension. */
    private static int headerLength(byte[] message) {
        int end = SIGNATURE.length + 8;
        if (message.length < end || !Arrays.equals(message, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw unknownBytes();
        }
        return end + BinaryValue.int32(message, end - 4);
    }

    /** Where each value begins, after its length. */
    private int[] starts(byte[] message, int begin, int count) {
        if (count != types.length) {
            throw unknownBytes();
        }
        int[] starts = new int[count];
        int at = begin;
        for (int i = 0; i < count; i++) {
            starts[i] = at + 4;
            at += 4 + Math.max(0, BinaryValue.int32(message, at));
        }
        if (at != message.length) {
            throw unknownBytes();
        }
        return starts;
    }

    private static SourceException unknownBytes() {
        return SourceException.permanent(
                "the server sends other bytes than COPY of PostgreSQL: let the source read with transport(CURSOR)",
                null);
    }

    /**
     * Cancels what is still being sent, and reads what is under way: the driver runs no other statement on the
     * connection before. A connection for which that fails is cut.
     */
    @Override
    public void close() throws SQLException {
        if (failed || !copy.isActive()) {
            return;
        }
        try {
            cancel.cancel();
            end();
        } catch (SQLException e) {
            if (!CANCELLED.equals(e.getSQLState())) {
                connection.abort();
                throw e;
            }
        }
    }

    /** The message of a row, and where its values begin in it. */
    private record CopiedRow(byte[] message, int[] starts, BinaryValue[] types) implements RowValues {

        @Override
        public @Nullable Object get(int index) {
            int start = starts[index];
            int length = BinaryValue.int32(message, start - 4);
            return length < 0 ? null : types[index].decode(message, start, length);
        }
    }
}
