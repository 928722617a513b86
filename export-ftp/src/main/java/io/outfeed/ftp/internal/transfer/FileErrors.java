package io.outfeed.ftp.internal.transfer;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.ftp.internal.connection.ConnectionErrors;
import io.outfeed.ftp.internal.connection.Endpoint;
import io.outfeed.ftp.internal.connection.FtpConnection;
import io.outfeed.ftp.internal.connection.RefusedException;
import io.outfeed.ftp.internal.path.RemoteDirectory;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.text.NameAdvice;
import io.outfeed.internal.text.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What a failure means for a file, as exceptions that say what to do. */
final class FileErrors {

    private static final int LONGEST_LOCATION = 1000;

    private final TransferSettings settings;
    private final ConnectionLease<Endpoint, FtpConnection> lease;
    private final RemoteDirectory directory;

    FileErrors(TransferSettings settings, ConnectionLease<Endpoint, FtpConnection> lease, RemoteDirectory directory) {
        this.settings = settings;
        this.lease = lease;
        this.directory = directory;
    }

    /** Names delivery, job and run at the end of a message. */
    String context(OutgoingFile file) {
        return " (delivery=" + settings.id() + ", " + file.origin() + ")";
    }

    /** Names the delivery at the end of a message about no run. */
    String context() {
        return " (delivery=" + settings.id() + ")";
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
                "'" + VisibleText.of(location, LONGEST_LOCATION) + "' is no place of a file below " + directory.path()
                        + " at " + settings.server() + ": nothing was touched there. If the delivery had another"
                        + " directory, set that one again, or give the run up; else the store is damaged" + context,
                null);
    }

    /** The server would store the file under another name. */
    DeliveryException notAscii(String target, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                settings.id(),
                settings.server() + " does not offer UTF8, so that " + target + " would get another name there:"
                        + " nothing was sent. Have its operator enable UTF8, or choose names of A-Z, a-z and digits"
                        + context(file),
                null);
    }

    /** Something has the temporary name that this upload has not made. */
    DeliveryException temporaryNameInUse(String temporary, OutgoingFile file) {
        return DeliveryException.of(
                FailureCode.DESTINATION_REFUSED,
                settings.id(),
                "something has the temporary name " + temporary + " at " + settings.server() + ", which only this"
                        + " upload uses: nothing was written, and no link is followed. Find out what has made it there"
                        + context(file),
                null);
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
        return failed(action, context(), e);
    }

    /** The server refused, or the connection broke. */
    DeliveryException failed(String action, OutgoingFile file, IOException e) {
        return failed(action, context(file), e);
    }

    private DeliveryException failed(String action, String context, IOException e) {
        if (!(e instanceof RefusedException answer) || !RefusedException.isAnswer(e)) {
            return ConnectionErrors.failure(lease, action, context, e);
        }
        String refused = settings.server() + " refused to " + action;
        return switch (answer.code()) {
            case 550, 553 ->
                answered(
                        FailureCode.PERMISSION_DENIED,
                        refused + ": give user '" + settings.user() + "' the permission" + context,
                        e);
            case 452, 552 ->
                answered(
                        FailureCode.DESTINATION_FULL,
                        refused + ": check the free space and the quota on the server" + context,
                        e);
            case 530, 532 ->
                answered(
                        FailureCode.LOGIN_REFUSED,
                        refused + ": it does not know user '" + settings.user() + "' any more, or wants an account"
                                + context,
                        e);
            case 522 ->
                answered(
                        FailureCode.DESTINATION_REFUSED,
                        refused + ": it demands that data connections resume the session of TLS, and this JVM did not."
                                + " Start it with -Djdk.tls.client.enableSessionTicketExtension=false, or have the"
                                + " server's operator turn the demand off" + context,
                        e);
            case 521, 533, 534, 536 ->
                answered(
                        FailureCode.DESTINATION_REFUSED,
                        refused + ": it demands another protection of the connection: have its operator say which"
                                + context,
                        e);
            case 425 ->
                answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        refused + ", since the data connection failed: check the firewall and the server's range of"
                                + " passive ports; some servers answer so to a session of TLS that is not resumed"
                                + context,
                        e);
            case 426 ->
                answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        refused + ", since the data connection broke: check the network, and the free space on the"
                                + " server" + context,
                        e);
            case 500, 501, 502, 504 ->
                answered(
                        FailureCode.DESTINATION_REFUSED,
                        refused + ", which it can't: have its operator enable the command" + context,
                        e);
            default ->
                answered(
                        FailureCode.DESTINATION_UNAVAILABLE,
                        refused + " with code " + answer.code() + ": ask its operator why" + context,
                        e);
        };
    }

    /** An exception with the code of the server's answer, if it gave one. */
    DeliveryException answered(FailureCode code, String message, @Nullable IOException e) {
        return e != null && RefusedException.isAnswer(e)
                ? DeliveryException.answered(
                        code, settings.id(), Integer.toString(RefusedException.codeOf(e)), message, e)
                : DeliveryException.of(code, settings.id(), message, e);
    }
}
