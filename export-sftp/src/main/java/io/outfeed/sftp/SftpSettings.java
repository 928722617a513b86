package io.outfeed.sftp;

import java.time.Duration;

/** What a connection needs to know. Its {@code toString} holds no secret, since a login's does not. */
record SftpSettings(
        String id,
        String host,
        int port,
        String user,
        Login login,
        HostKeys hostKeys,
        String directory,
        Duration connectTimeout,
        Duration operationTimeout) {

    /** The server, as messages name it. */
    String server() {
        return host + ":" + port;
    }
}
