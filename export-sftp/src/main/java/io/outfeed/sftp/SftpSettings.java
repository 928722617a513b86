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
        Duration operationTimeout,
        TransferOptions options) {

    /** What connections have in common that may be used for one another. */
    SftpSettings endpoint() {
        return new SftpSettings(
                "", host, port, user, login, hostKeys, "", connectTimeout, operationTimeout, TransferOptions.NONE);
    }

    /** The server, as messages name it. */
    String server() {
        return host + ":" + port;
    }
}
