package io.outfeed.ftp.internal.transfer;

import static io.outfeed.ftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.ftp.internal.connection.RefusedException;
import io.outfeed.ftp.internal.path.RemoteDirectory;
import io.outfeed.ftp.internal.path.RemotePaths;
import io.outfeed.ftp.internal.transfer.RemoteFiles.Presence;
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

    /** Creates a folder, and the directory if configured. A failure shows when a file is uploaded to it. */
    void create(String folderOfFile) throws IOException {
        List<String> missing = new ArrayList<>();
        String path = folderOfFile;
        String top = settings.createDirectory() ? RemotePaths.ROOT : directory.path();
        while (!path.equals(top) && !known.contains(path) && files.presenceOfDirectory(path) != Presence.PRESENT) {
            missing.add(0, path);
            path = parent(path);
        }
        for (String folder : missing) {
            try {
                files.createDirectory(folder);
            } catch (IOException e) {
                if (!RefusedException.isAnswer(e)) {
                    throw e;
                }
                log.debug("The server did not create the folder {}", folder, e);
            }
        }
        known.add(folderOfFile);
    }

    /** Forgets which folders exist, since one may have been removed meanwhile. */
    void forget() {
        known.clear();
    }

    /** Explains that the folder of a file is missing: the directory, or one below it. Null if it is there. */
    @Nullable
    DeliveryException missing(String folder, OutgoingFile file, @Nullable IOException e) throws IOException {
        if (files.presenceOfDirectory(folder) != Presence.MISSING) {
            return null;
        }
        forget();
        if (!folder.equals(directory.path()) && files.presenceOfDirectory(directory.path()) != Presence.MISSING) {
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
