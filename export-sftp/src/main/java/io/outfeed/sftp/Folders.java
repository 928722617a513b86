package io.outfeed.sftp;

import static io.outfeed.sftp.RemoteFiles.parent;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.sftp.RemoteFiles.Presence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of a delivery and the folders below it: made where that is asked for, or missed by a clear message. */
final class Folders {

    private static final Logger log = LoggerFactory.getLogger(Folders.class);

    private final SftpSettings settings;
    private final RemoteFiles files;
    private final FileFailures failures;

    /** Those that were there, or could not be made. */
    private final Set<String> known = new HashSet<>();

    Folders(SftpSettings settings, RemoteFiles files, FileFailures failures) {
        this.settings = settings;
        this.files = files;
        this.failures = failures;
    }

    /** Makes the folder below the directory, and the directory where that is asked for. What fails shows on opening. */
    void make(OutgoingFile file) throws IOException {
        List<String> missing = new ArrayList<>();
        String path = parent(settings.target(file));
        String top = settings.options().makesDirectory() ? "/" : settings.directory();
        while (!path.equals(top) && !known.contains(path) && files.look(path) != Presence.THERE) {
            missing.add(0, path);
            path = parent(path);
        }
        for (String folder : missing) {
            try {
                files.makeDirectory(folder);
            } catch (IOException e) {
                if (!SftpConnection.answered(e)) {
                    throw e;
                }
                log.debug("The server did not make the folder {}", folder, e);
            }
        }
        known.add(parent(settings.target(file)));
    }

    /** Fails if the folder of a file is not there. */
    void check(String target, OutgoingFile file) throws IOException {
        if (files.lookForDirectory(parent(target)) == Presence.MISSING) {
            forget();
            throw missing(parent(target), file, null);
        }
    }

    /** One of them may have been removed meanwhile. */
    void forget() {
        known.clear();
    }

    /** A folder is not there: the directory, or one below it. */
    DeliveryException missing(String folder, OutgoingFile file, @Nullable IOException e) throws IOException {
        if (!folder.equals(settings.directory()) && files.look(settings.directory()) != Presence.MISSING) {
            return DeliveryException.permanent(
                    settings.id(),
                    "the folder " + folder + " is not there and can't be made at " + settings.server()
                            + ": make it there, or let user '" + settings.user() + "' do it" + failures.at(file),
                    e);
        }
        String advice = settings.options().makesDirectory()
                ? " and can't be made: make it there, or let user '" + settings.user() + "' do it"
                : ": make it there, or correct the directory of the delivery";
        return DeliveryException.permanent(
                settings.id(),
                "the directory " + settings.directory() + " is not there at " + settings.server() + advice
                        + failures.at(file),
                e);
    }
}
