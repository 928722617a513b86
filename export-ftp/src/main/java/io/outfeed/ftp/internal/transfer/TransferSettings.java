package io.outfeed.ftp.internal.transfer;

import io.outfeed.delivery.TemporaryNames;
import io.outfeed.ftp.internal.connection.Endpoint;
import io.outfeed.internal.connection.LeaseSettings;

/**
 * Where a delivery puts its files.
 *
 * @param directory the directory of the delivery as it is configured; relative to the login's home unless absolute
 * @param temporaryNames the names of uploads
 * @param createDirectory whether that directory is created if it is missing
 */
public record TransferSettings(
        LeaseSettings<Endpoint> lease, String directory, TemporaryNames temporaryNames, boolean createDirectory) {

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
