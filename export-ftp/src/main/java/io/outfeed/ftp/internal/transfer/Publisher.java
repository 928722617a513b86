package io.outfeed.ftp.internal.transfer;

import static io.outfeed.ftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.internal.connection.RefusedException;
import io.outfeed.ftp.internal.transfer.RemoteFiles.Presence;
import io.outfeed.internal.connection.LeftoverFiles;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a file visible under its final name, by a rename. Most servers replace what has that name, in one step, and
 * none can be told not to: the name is looked at before, and a file that appears in between is replaced. A server that
 * refuses to replace a file that is to be replaced gets the removal first, which is recorded before, so that the next
 * attempt knows that the name is its own.
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final TransferSettings settings;
    private final RemoteFiles files;
    private final Folders folders;
    private final LeftoverFiles leftovers;
    private final FileErrors errors;

    Publisher(
            TransferSettings settings, RemoteFiles files, Folders folders, LeftoverFiles leftovers, FileErrors errors) {
        this.settings = settings;
        this.files = files;
        this.folders = folders;
        this.leftovers = leftovers;
        this.errors = errors;
    }

    /** Renames a temporary file. Returns empty if an earlier attempt has done so. */
    Optional<DeliveryReceipt> rename(String temporary, String target, OutgoingFile file) throws IOException {
        if (file.ifExists() != IfExists.REPLACE
                && !leftovers.isReplacing(target, file.job(), file.run())
                && files.presence(target) == Presence.PRESENT) {
            return occupied(temporary, target, file);
        }
        try {
            files.rename(temporary, target);
            leftovers.uploadEnded(temporary);
            return receipt(target, file);
        } catch (RefusedException e) {
            if (!RefusedException.isAnswer(e)) {
                throw e;
            }
            return refused(temporary, target, file, e);
        }
    }

    /** The name is in use: by this file if its temporary name is gone, otherwise by another one. */
    private Optional<DeliveryReceipt> occupied(String temporary, String target, OutgoingFile file) throws IOException {
        if (files.presence(temporary) == Presence.MISSING) {
            return Optional.empty();
        }
        throw errors.occupied(target, file);
    }

    private Optional<DeliveryReceipt> refused(
            String temporary, String target, OutgoingFile file, RefusedException refusal) throws IOException {
        DeliveryException missing = folders.missing(parent(target), file, refusal);
        if (missing != null) {
            throw missing;
        }
        Presence own = files.presence(temporary);
        if (own == Presence.MISSING) {
            return Optional.empty();
        }
        if (own != Presence.PRESENT || files.presence(target) != Presence.PRESENT) {
            throw refusal;
        }
        if (file.ifExists() != IfExists.REPLACE) {
            throw errors.occupied(target, file);
        }
        log.debug("{} can't rename onto a file: removing {} first (run={})", settings.server(), target, file.run());
        leftovers.replacementStarted(target, file.job(), file.run());
        files.remove(target);
        files.rename(temporary, target);
        leftovers.uploadEnded(temporary);
        return receipt(target, file);
    }

    private Optional<DeliveryReceipt> receipt(String target, OutgoingFile file) {
        boolean removedBefore = leftovers.isReplacing(target, file.job(), file.run());
        leftovers.published(target);
        return Optional.of(new DeliveryReceipt(target, removedBefore ? Publication.NOT_ATOMIC : Publication.ATOMIC));
    }
}
