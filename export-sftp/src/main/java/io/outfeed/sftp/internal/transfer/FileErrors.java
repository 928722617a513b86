package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.text.NameAdvice;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.connection.ConnectionErrors;
import io.outfeed.sftp.internal.connection.Endpoint;
import io.outfeed.sftp.internal.connection.SftpConnection;
import io.outfeed.sftp.internal.failure.ServerTexts;
import io.outfeed.sftp.internal.path.RemoteDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import org.jspecify.annotations.Nullable;

/** What a failure means for a file, as exceptions that say what to do. */
final class FileErrors {

    private final TransferSettings settings;
    private final ConnectionLease<Endpoint, SftpConnection> lease;
    private final RemoteDirectory directory;

    FileErrors(TransferSettings settings, ConnectionLease<Endpoint, SftpConnection> lease, RemoteDirectory directory) {
        this.settings = settings;
        this.lease = lease;
        this.directory = directory;
    }

    /** Names delivery, job and run at the end of a message. */
    String context(OutgoingFile file) {
        return " (delivery=" + settings.id() + ", " + file.origin() + ")";
    }

    /** Another file has the name. */
    DeliveryException occupied(String target, OutgoingFile file) {
        return DeliveryException.occupied(
                settings.id(), target + " exists already: " + NameAdvice.OCCUPIED + context(file));
    }

    /** A location of the ledger is not below the directory of the delivery. */
    DeliveryException outside(String location, String context) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                settings.id(),
                "'" + ServerTexts.cleaned(location) + "' is no place of a file below " + directory.path() + " at "
                        + settings.server() + ": nothing was touched there. If the delivery had another directory, set"
                        + " that one again, or give the run up; else the store is damaged" + context,
                null);
    }

    /** Names the delivery at the end of a message about no run. */
    String context() {
        return " (delivery=" + settings.id() + ")";
    }

    /** Something has the temporary name that this upload has not made. */
    DeliveryException temporaryNameInUse(String temporary, OutgoingFile file, @Nullable IOException e) {
        return answered(
                FailureCode.DESTINATION_REFUSED,
                "something has the temporary name " + temporary + " at " + settings.server() + ", which only this"
                        + " upload uses: nothing was written, and no link is followed. Find out what has made it there"
                        + context(file),
                e);
    }

    /** The staged file can't be read. */
    DeliveryException unreadable(OutgoingFile file, UncheckedIOException e) {
        return DeliveryException.of(
                FailureCode.STORE_UNAVAILABLE,
                settings.id(),
                "can't read the staged file " + file.content() + context(file),
                e.getCause());
    }

    /** A request outside of any run failed. */
    DeliveryException failed(String action, IOException e) {
        return ConnectionErrors.failure(lease, action, context(), e);
    }

    /** The server refused, or the connection broke. */
    DeliveryException failed(String action, OutgoingFile file, IOException e) {
        StatusCode status = SftpStatus.of(e);
        String refused = settings.server() + " refused to " + action;
        return switch (status) {
            case UNKNOWN -> ConnectionErrors.failure(lease, action, context(file), e);
            case PERMISSION_DENIED, WRITE_PROTECT ->
                answered(
                        FailureCode.PERMISSION_DENIED,
                        refused + ": give user '" + settings.user() + "' the permission" + context(file),
                        e);
            case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED ->
                answered(
                        FailureCode.DESTINATION_FULL,
                        refused + ": check the free space and the quota on the server" + context(file),
                        e);
            case FAILURE -> // OpenSSH's answer to a full disk, among others
                answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        refused + ": check the free space and the quota on the server" + context(file),
                        e);
            default ->
                answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        refused + " with status " + status + ": ask its operator why" + context(file),
                        e);
        };
    }

    /** An exception with the status of the server's answer, if it gave one. */
    DeliveryException answered(FailureCode code, String message, @Nullable IOException e) {
        return e != null && SftpStatus.isAnswer(e)
                ? DeliveryException.answered(code, settings.id(), SftpStatus.name(e), message, e)
                : DeliveryException.of(code, settings.id(), message, e);
    }
}
