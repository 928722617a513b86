package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.path.RemoteDirectory;
import io.outfeed.sftp.internal.path.RemotePaths;
import io.outfeed.sftp.internal.transfer.RemoteFiles.Presence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of a delivery and the folders below it: creates them, or explains that they are missing. */
final class Folders {

    private static final Logger log = LoggerFactory.getLogger(Folders.class);

    private final TransferSettings settings;
    private final RemoteDirectory directory;
    private final RemoteFiles files;
    private final FileErrors errors;

    /** Folders that exist, or could not be created. */
    private final Set<String> known = new HashSet<>();

    Folders(TransferSettings settings, RemoteDirectory directory, RemoteFiles files, FileErrors errors) {
        this.settings = settings;
        this.directory = directory;
        this.files = files;
        this.errors = errors;
    }

    /** Creates a folder, and the directory if configured. A failure shows when a file is opened in it. */
    void create(String folderOfFile) throws IOException {
        List<String> missing = new ArrayList<>();
        String path = folderOfFile;
        String top = settings.createDirectory() ? RemotePaths.top(path) : directory.path();
        while (!path.equals(top) && !known.contains(path) && files.presence(path) != Presence.PRESENT) {
            missing.add(0, path);
            path = parent(path);
        }
        for (String folder : missing) {
            try {
                files.createDirectory(folder);
            } catch (IOException e) {
                if (!SftpStatus.isAnswer(e)) {
                    throw e;
                }
                log.debug("The server did not create the folder {}", folder, e);
            }
        }
        known.add(folderOfFile);
    }

    /** Fails if the folder of a file is missing. */
    void requireFolder(String target, OutgoingFile file) throws IOException {
        if (files.presenceOfDirectory(parent(target)) == Presence.MISSING) {
            forget();
            throw missing(parent(target), file, null);
        }
    }

    /** Forgets which folders exist, since one may have been removed meanwhile. */
    void forget() {
        known.clear();
    }

    /** Explains that a folder is missing: the directory, or one below it. */
    DeliveryException missing(String folder, OutgoingFile file, @Nullable IOException e) throws IOException {
        if (!folder.equals(directory.path()) && files.presence(directory.path()) != Presence.MISSING) {
            return errors.answered(
                    FailureCode.DESTINATION_MISSING,
                    "the folder " + folder + " is not there and can't be made at " + settings.server()
                            + ": make it there, or let user '" + settings.user() + "' do it" + errors.context(file),
                    e);
        }
        String advice = settings.createDirectory()
                ? " and can't be made: make it there, or let user '" + settings.user() + "' do it"
                : ": make it there, or correct the directory of the delivery";
        return errors.answered(
                FailureCode.DESTINATION_MISSING,
                "the directory " + directory.path() + " is not there at " + settings.server() + advice
                        + errors.context(file),
                e);
    }
}
