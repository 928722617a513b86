package io.outfeed.ftp.internal.transfer;

import static io.outfeed.ftp.internal.path.RemotePaths.join;
import static io.outfeed.ftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.internal.connection.Endpoint;
import io.outfeed.ftp.internal.connection.FtpConnection;
import io.outfeed.ftp.internal.connection.RefusedException;
import io.outfeed.ftp.internal.path.RemoteDirectory;
import io.outfeed.ftp.internal.path.RemotePaths;
import io.outfeed.ftp.internal.transfer.RemoteFiles.Presence;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.connection.LeftoverFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A delivery of files over one connection. The protocol of one file:
 *
 * <ol>
 *   <li>{@link #prepare} checks the staged file's length and whether the final name is free, removes temporary files of
 *       earlier runs, and creates the folder.
 *   <li>It sends the file under a hidden temporary name in the same folder, or resumes it where the connection of an
 *       earlier try broke; nothing else that exists is used. The server confirms the end.
 *   <li>It compares the size, and the SHA-256 where the server computes it.
 *   <li>{@link #publish} renames it.
 *   <li>If the answer is lost, the engine inspects the temporary file and the final name, as it did before.
 *   <li>{@link #discard} removes the temporary file of a run that is given up.
 * </ol>
 *
 * <p>Not thread-safe.
 */
public final class FtpSession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(FtpSession.class);

    private final TransferSettings settings;
    private final RemoteDirectory directory;
    private final ConnectionLease<Endpoint, FtpConnection> lease;
    private final FtpConnection connection;
    private final RemoteFiles files;
    private final LeftoverFiles leftovers;
    private final FileErrors errors;
    private final Folders folders;
    private final UploadVerifier verifier;
    private final Uploader uploader;
    private final Publisher publisher;

    FtpSession(
            TransferSettings settings,
            ConnectionLease<Endpoint, FtpConnection> lease,
            RemoteDirectory directory,
            LeftoverFiles leftovers) {
        this.settings = settings;
        this.directory = directory;
        this.lease = lease;
        this.connection = lease.connection();
        this.files = new RemoteFiles(connection);
        this.leftovers = leftovers;
        this.errors = new FileErrors(settings, lease, directory);
        this.folders = new Folders(settings, directory, files, errors);
        this.verifier = new UploadVerifier(settings, files, errors);
        this.uploader = new Uploader(settings, connection, files, folders, leftovers, verifier, errors);
        this.publisher = new Publisher(settings, files, folders, leftovers, errors);
    }

    @Override
    public PreparedFile prepare(OutgoingFile file) {
        String wanted = directory.target(file);
        String temporary = directory.temporary(file);
        requireInside(wanted, errors.context(file));
        if (!connection.features().utf8() && !RemotePaths.isAscii(wanted)) {
            throw errors.notAscii(wanted, file);
        }
        try {
            verifier.verifyStaged(file);
            String target = freeTarget(file);
            removeLeftovers(file);
            folders.create(parent(target));
            folders.create(parent(temporary));
            uploader.upload(file, temporary);
            return PreparedFile.renamed(target, temporary);
        } catch (UncheckedIOException e) {
            throw errors.unreadable(file, e);
        } catch (IOException e) {
            throw errors.failed("upload " + temporary, file, e);
        }
    }

    /** The name of the file, or the one next to an old file of that name. */
    private String freeTarget(OutgoingFile file) throws IOException {
        String target = directory.target(file);
        if (file.ifExists() == IfExists.REPLACE || files.presence(target) != Presence.PRESENT) {
            return target;
        }
        if (file.ifExists() != IfExists.KEEP_BOTH) {
            throw errors.occupied(target, file);
        }
        String beside = join(directory.path(), file.keptBoth().path());
        if (files.presence(beside) == Presence.PRESENT) {
            throw errors.occupied(beside, file);
        }
        return beside;
    }

    /** Removes the temporary files that earlier runs of the job could not remove, since their connections broke. */
    private void removeLeftovers(OutgoingFile file) throws IOException {
        for (String leftover : leftovers.ofEarlierRuns(file.job(), file.run())) {
            try {
                files.remove(leftover);
            } catch (RefusedException e) {
                if (!RefusedException.isAnswer(e)) {
                    throw e;
                }
                log.debug("{} did not remove {}", settings.server(), leftover, e);
            }
            leftovers.remove(leftover);
            leftovers.uploadEnded(leftover);
        }
    }

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        String target = prepared.location();
        String temporary =
                prepared.temporary().orElseThrow(() -> errors.outside(prepared.location(), errors.context(file)));
        requireInside(target, errors.context(file));
        requireInside(temporary, errors.context(file));
        if (!TemporaryNames.isOf(RemotePaths.name(temporary), file)) {
            throw errors.outside(temporary, errors.context(file));
        }
        try {
            return publisher.rename(temporary, target, file);
        } catch (IOException e) {
            throw errors.failed("rename " + temporary + " to " + target, file, e);
        }
    }

    /** What is stored of a run may be damaged, or forged: no other file of the server may be touched. */
    private void requireInside(String location, String context) {
        if (!directory.contains(location)) {
            throw errors.outside(location, context);
        }
    }

    @Override
    public void discard(OutgoingFile file) {
        requireInside(directory.target(file), errors.context(file));
        String temporary = directory.temporary(file);
        if (leftovers.isForeign(temporary)) {
            return;
        }
        try {
            leftovers.remove(temporary);
            files.remove(temporary);
            leftovers.uploadEnded(temporary);
        } catch (IOException e) {
            leftovers.addPartialUpload(temporary, file.job(), file.run(), 0);
            throw errors.failed("remove " + temporary, file, e);
        }
    }

    /** What was delivered before the delivery got another directory is inspected, and not touched. */
    @Override
    public Inspection inspect(String location) {
        if (!RemotePaths.isAbsolute(location) || !RemotePaths.isPlain(location)) {
            throw errors.outside(location, errors.context());
        }
        try {
            return files.inspect(location);
        } catch (IOException e) {
            throw errors.failed("look at " + location, e);
        }
    }

    @Override
    public Optional<String> sha256(String location) {
        requireInside(location, errors.context());
        try {
            return files.readSha256(location);
        } catch (IOException e) {
            throw errors.failed("read " + location, e);
        }
    }

    @Override
    public Deletion delete(String location, long expectedBytes) {
        requireInside(location, errors.context());
        Inspection found = inspect(location);
        return switch (found.presence()) {
            case MISSING -> Deletion.NOT_THERE;
            case OTHER -> Deletion.DIFFERENT;
            case PRESENT -> found.bytes() == expectedBytes ? delete(location) : Deletion.DIFFERENT;
            case DIRECTORY_MISSING, NOT_SAID -> Deletion.NOT_SAID; // an unmounted file system comes back
        };
    }

    private Deletion delete(String location) {
        try {
            connection.command("DELE", location);
            return Deletion.DELETED;
        } catch (RefusedException e) {
            if (!RefusedException.isAnswer(e)) {
                throw errors.failed("delete " + location, e);
            }
            log.debug("{} did not delete {}", settings.server(), location, e);
            return inspect(location).presence() == Inspection.Presence.MISSING ? Deletion.NOT_THERE : Deletion.NOT_SAID;
        } catch (IOException e) {
            throw errors.failed("delete " + location, e);
        }
    }

    @Override
    public void close() {
        lease.close();
    }
}
