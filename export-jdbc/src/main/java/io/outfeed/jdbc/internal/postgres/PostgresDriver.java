package io.outfeed.jdbc.internal.postgres;

import io.outfeed.jdbc.internal.connection.SourceConnection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * The connection as PostgreSQL's driver has it, for what JDBC has no call for. The driver is the host's, and may be
 * another one: nothing of it is touched where it is not there.
 */
public final class PostgresDriver {

    private final PGConnection connection;

    private PostgresDriver(PGConnection connection) {
        this.connection = connection;
    }

    /** Whether the classes of this module find the driver. */
    public static boolean isPresent() {
        try {
            Class.forName("org.postgresql.PGConnection", false, PostgresDriver.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Finds the driver's connection.
     *
     * @return empty if the connection is not one of this driver, or of a pool that does not give it
     */
    public static Optional<PostgresDriver> of(SourceConnection connection) {
        return isPresent() ? connection.unwrap(PGConnection.class).map(PostgresDriver::new) : Optional.empty();
    }

    /** Asks the server to end what the connection waits for, also where that is the next rows of a cursor. */
    public void cancel() throws SQLException {
        connection.cancelQuery();
    }

    /** Whether the driver writes parameters into the text of a statement. */
    public boolean isSimpleMode() {
        return connection.getPreferQueryMode() == PreferQueryMode.SIMPLE;
    }

    /** The encoding of what the server sends, as it has announced it. */
    public @Nullable String encoding() {
        return connection.getParameterStatus("client_encoding");
    }

    /** Starts a COPY to the client. */
    public CopyOut copy(String sql) throws SQLException {
        return connection.getCopyAPI().copyOut(sql);
    }
}
