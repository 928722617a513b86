package io.outfeed.sftp.internal.connection;

import io.outfeed.internal.connection.ServerConnectionPool;

/** The connections of an engine by SFTP. */
public final class SftpConnectionPool extends ServerConnectionPool<Endpoint, SftpConnection> {

    public SftpConnectionPool() {
        super("sftp");
    }
}
