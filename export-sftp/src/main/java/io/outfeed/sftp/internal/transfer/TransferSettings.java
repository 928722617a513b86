package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.internal.transfer.RemotePaths.join;
import static io.outfeed.sftp.internal.transfer.RemotePaths.parent;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.sftp.internal.connection.LeaseSettings;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a delivery puts its files, and how.
 *
 * @param directory the directory of the delivery at the server
 * @param createDirectory whether that directory is created if it is missing
 * @param permissions null to leave them to the server
 * @param keepTimes whether a file gets the time at which it was staged
 */
public record TransferSettings(
        LeaseSettings lease,
        String directory,
        PublicationMode publication,
        boolean createDirectory,
        @Nullable Set<PosixFilePermission> permissions,
        boolean keepTimes) {

    public String id() {
        return lease.delivery();
    }

    public String user() {
        return lease.endpoint().user();
    }

    /** The server's name in messages. */
    public String server() {
        return lease.endpoint().server();
    }

    /** The final path of a file. */
    String target(OutgoingFile file) {
        return join(directory, file.file().path());
    }

    /** The path of a file until it is published. */
    String temporary(OutgoingFile file) {
        return join(parent(target(file)), file.temporaryName());
    }
}
