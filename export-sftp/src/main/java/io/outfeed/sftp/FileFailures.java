package io.outfeed.sftp;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.schmizz.sshj.sftp.Response.StatusCode;

/** What goes wrong with a file, as exceptions that say what to do. */
final class FileFailures {

    private final SftpSettings settings;
    private final SftpConnection connection;

    FileFailures(SftpSettings settings, SftpConnection connection) {
        this.settings = settings;
        this.connection = connection;
    }

    /** Names delivery, job and run. */
    String at(OutgoingFile file) {
        return " (delivery=" + settings.id() + ", job=" + file.job() + ", run=" + file.run() + ")";
    }

    /** Another file has the name. */
    DeliveryException exists(String target, OutgoingFile file) {
        return DeliveryException.occupied(
                settings.id(),
                target + " exists already: remove it, put {sequence} into the file's name, or choose ifExists(REPLACE)"
                        + at(file));
    }

    /** The file on our side. */
    DeliveryException unreadable(OutgoingFile file, UncheckedIOException e) {
        return DeliveryException.retryable(
                settings.id(), "can't read the staged file " + file.content() + at(file), e.getCause());
    }

    /** What no run has asked for did not work. */
    DeliveryException failed(String doing, IOException e) {
        return connection.failure(doing, " (delivery=" + settings.id() + ")", e);
    }

    /** The server refused, or the connection broke. */
    DeliveryException failed(String doing, OutgoingFile file, IOException e) {
        StatusCode status = SftpConnection.status(e);
        String refused = settings.server() + " refused to " + doing;
        return switch (status) {
            case UNKNOWN -> connection.failure(doing, at(file), e);
            case PERMISSION_DENIED, WRITE_PROTECT ->
                DeliveryException.permanent(
                        settings.id(), refused + ": give user '" + settings.user() + "' the permission" + at(file), e);
            case FAILURE, NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED ->
                DeliveryException.retryable(
                        settings.id(), refused + ": check the free space and the quota on the server" + at(file), e);
            default ->
                DeliveryException.retryable(
                        settings.id(), refused + " with status " + status + ": ask its operator why" + at(file), e);
        };
    }
}
