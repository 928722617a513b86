package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.TemporaryNames;
import io.outfeed.internal.connection.LeaseSettings;
import io.outfeed.sftp.internal.connection.Endpoint;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a delivery puts its files, and how.
 *
 * @param directory the directory of the delivery as it is configured; relative to the login's home unless absolute
 * @param temporaryNames the names of uploads
 * @param createDirectory whether that directory is created if it is missing
 * @param permissions null to leave them to the server
 * @param keepTimes whether a file gets the time at which it was staged
 */
public record TransferSettings(
        LeaseSettings<Endpoint> lease,
        String directory,
        PublicationMode publication,
        TemporaryNames temporaryNames,
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
}
