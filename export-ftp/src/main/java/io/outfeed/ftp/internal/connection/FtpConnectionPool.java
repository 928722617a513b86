package io.outfeed.ftp.internal.connection;

import io.outfeed.internal.connection.ServerConnectionPool;

/** The connections of an engine by FTP. */
public final class FtpConnectionPool extends ServerConnectionPool<Endpoint, FtpConnection> {

    public FtpConnectionPool() {
        super("ftp");
    }
}
