package io.outfeed.sftp;

import static io.outfeed.sftp.RemoteFiles.join;
import static io.outfeed.sftp.RemoteFiles.parent;

import io.outfeed.delivery.OutgoingFile;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a connection needs to know. Its {@code toString} holds no secret, since a login's does not. */
record SftpSettings(
        String id,
        String host,
        int port,
        String user,
        List<Login> logins,
        HostKeys hostKeys,
        Set<LegacyAlgorithm> allowed,
        @Nullable SftpProxy proxy,
        @Nullable InetAddress bindAddress,
        String directory,
        Duration connectTimeout,
        Duration operationTimeout,
        TransferOptions options) {

    /** What connections have in common that may be used for one another. */
    SftpSettings endpoint() {
        return new SftpSettings(
                "",
                host,
                port,
                user,
                logins,
                hostKeys,
                allowed,
                proxy,
                bindAddress,
                "",
                connectTimeout,
                operationTimeout,
                TransferOptions.NONE);
    }

    /** Where a file appears. */
    String target(OutgoingFile file) {
        return join(directory, file.file().path());
    }

    /** Where a file is until it appears. */
    String temporary(OutgoingFile file) {
        return join(parent(target(file)), file.temporaryName());
    }

    /** The server, as messages name it. */
    String server() {
        return host + ":" + port;
    }
}
