package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.internal.channel.PermissionBits;
import io.outfeed.sftp.internal.channel.SftpStatus;
import java.io.IOException;
import java.util.OptionalInt;
import net.schmizz.sshj.sftp.FileAttributes;

/**
 * The permissions of uploaded files. The request that opens a file has them, so that it is never open to more readers.
 * What the server has made of them is verified before anything is written.
 */
final class UploadPermissions {

    private final TransferSettings settings;
    private final FileErrors errors;

    UploadPermissions(TransferSettings settings, FileErrors errors) {
        this.settings = settings;
        this.errors = errors;
    }

    boolean areSet() {
        return settings.permissions() != null;
    }

    /** What the request says that opens a file. */
    FileAttributes atOpening() {
        return areSet() ? attributes(bits()) : FileAttributes.EMPTY;
    }

    /**
     * Verifies the permissions of an open file. What its umask took away is given back, since that opens the file to
     * no other user than asked for. A file that was there before under its final name also loses what it has too much.
     *
     * @throws io.outfeed.error.DeliveryException if the file has other permissions; a server that does not tell them is
     *     believed
     */
    void verify(Upload upload, boolean mayExist, OutgoingFile file) throws IOException {
        if (!areSet()) {
            return;
        }
        OptionalInt found = permissions(upload);
        if (found.isEmpty() || found.getAsInt() == bits()) {
            return;
        }
        boolean narrower = (found.getAsInt() & ~bits()) == 0;
        if (narrower || mayExist) {
            try {
                upload.setAttributes(attributes(bits()));
                return;
            } catch (IOException e) {
                if (!SftpStatus.isAnswer(e)) {
                    throw e;
                }
                throw errors.answered(FailureCode.PERMISSION_DENIED, message(upload, found.getAsInt(), file), e);
            }
        }
        throw errors.answered(FailureCode.PERMISSION_DENIED, message(upload, found.getAsInt(), file), null);
    }

    private String message(Upload upload, int found, OutgoingFile file) {
        return settings.server() + " gives " + upload.path() + " the permissions " + PermissionBits.text(found)
                + " instead of " + PermissionBits.text(bits())
                + ": nothing was written. Have its operator allow them, or change permissions" + errors.context(file);
    }

    /** The permissions of an open file; empty if the server does not tell them. */
    private static OptionalInt permissions(Upload upload) throws IOException {
        try {
            FileAttributes attributes = upload.attributes();
            return attributes.has(FileAttributes.Flag.MODE)
                    ? OptionalInt.of(attributes.getMode().getPermissionsMask())
                    : OptionalInt.empty();
        } catch (IOException e) {
            if (SftpStatus.isAnswer(e)) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    private int bits() {
        return settings.permissions() == null ? 0 : PermissionBits.of(settings.permissions());
    }

    private static FileAttributes attributes(int bits) {
        return new FileAttributes.Builder().withPermissions(bits).build();
    }
}
