package io.outfeed.jdbc.internal.connection;

import java.sql.SQLException;

/** Asks the server to end what a call of the driver waits for. Called by another thread than the call. */
@FunctionalInterface
public interface SqlCancel {

    void cancel() throws SQLException;
}
