package io.outfeed.sftp;

import io.outfeed.delivery.Inspection;
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;

/** What is asked of a server about its files, except to write them. Servers of which one may only write forbid to look. */
final class RemoteFiles {

    private static final Set<RenameFlags> NO_OVERWRITE = EnumSet.noneOf(RenameFlags.class);
    private static final Set<RenameFlags> POSIX_RENAME = EnumSet.of(RenameFlags.OVERWRITE);
    private static final int SHA256_BYTES = 32;

    private final SftpConnection connection;

    RemoteFiles(SftpConnection connection) {
        this.connection = connection;
    }

    /** Whether a name is taken. */
    enum Presence {
        THERE,
        MISSING,
        NOT_SAID
    }

    Presence look(String path) throws IOException {
        return presence(sftp -> sftp.lstat(path));
    }

    /** Looks for a file that this user has written: where one may not look, whether it can be opened for reading. */
    Presence lookForOwn(String path) throws IOException {
        Presence presence = look(path);
        return presence == Presence.NOT_SAID
                ? presence(sftp -> close(sftp.open(path, EnumSet.of(OpenMode.READ))))
                : presence;
    }

    /** Looks for a directory: where one may not look, whether it can be listed, or whether a name in it leads anywhere. */
    Presence lookForDirectory(String path) throws IOException {
        Presence presence = look(path);
        if (presence == Presence.NOT_SAID) {
            presence = presence(sftp -> close(sftp.openDir(path)));
        }
        boolean leadsNowhere = presence == Presence.NOT_SAID
                && presence(sftp -> sftp.canonicalize(join(path, "any"))) == Presence.MISSING;
        return leadsNowhere ? Presence.MISSING : presence;
    }

    private static boolean close(Closeable opened) throws IOException {
        opened.close();
        return true;
    }

    private Presence presence(SftpConnection.Request<?> request) throws IOException {
        try {
            connection.ask(request);
            return Presence.THERE;
        } catch (IOException e) {
            if (isMissing(e)) {
                return Presence.MISSING;
            }
            if (SftpConnection.answered(e)) {
                return Presence.NOT_SAID;
            }
            throw e;
        }
    }

    static boolean isMissing(IOException e) {
        StatusCode status = SftpConnection.status(e);
        return status == StatusCode.NO_SUCH_FILE || status == StatusCode.NO_SUCH_PATH;
    }

    /** The size of a file that should be there; empty where the server does not tell. */
    OptionalLong size(String path) throws IOException {
        try {
            FileAttributes attributes = connection.ask(sftp -> sftp.stat(path));
            return attributes.has(FileAttributes.Flag.SIZE)
                    ? OptionalLong.of(attributes.getSize())
                    : OptionalLong.empty();
        } catch (IOException e) {
            StatusCode status = SftpConnection.status(e);
            if (status == StatusCode.PERMISSION_DENIED || status == StatusCode.OP_UNSUPPORTED) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /** The SHA-256 of what the server has; empty where it does not offer {@code check-file}, or refuses it. */
    Optional<byte[]> sha256(String path) throws IOException {
        if (!connection.offersCheckFile()) {
            return Optional.empty();
        }
        try {
            return connection.ask(sftp -> {
                Response answer = sftp.request(sftp.newExtendedRequest("check-file-name")
                                .putString(path)
                                .putString("sha256")
                                .putUInt64(0) // from the first byte
                                .putUInt64(0) // to the last
                                .putUInt32(0)) // in one block
                        .retrieve(connection.answerMillis(), TimeUnit.MILLISECONDS)
                        .ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
                return hash(answer);
            });
        } catch (IOException e) {
            if (SftpConnection.answered(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The algorithm, before which some servers put the extension's name, and the hash, before which some put its length. */
    private static Optional<byte[]> hash(Response answer) throws IOException {
        String algorithm = answer.readString();
        if (algorithm.startsWith("check-file")) {
            algorithm = answer.readString();
        }
        if (answer.available() == 4 + SHA256_BYTES) {
            answer.readUInt32();
        }
        if (!algorithm.equals("sha256") || answer.available() != SHA256_BYTES) {
            return Optional.empty();
        }
        byte[] hash = new byte[SHA256_BYTES];
        answer.readRawBytes(hash);
        return Optional.of(hash);
    }

    void rename(String from, String to) throws IOException {
        connection.ask(sftp -> {
            sftp.rename(from, to, NO_OVERWRITE);
            return true;
        });
    }

    /** Replaces what has the name, at once; where {@link #replacesAtOnce}. */
    void replace(String from, String to) throws IOException {
        connection.ask(sftp -> {
            sftp.rename(from, to, POSIX_RENAME);
            return true;
        });
    }

    boolean replacesAtOnce() {
        return connection.offers("posix-rename", "openssh.com");
    }

    /** Nothing happens if there is no such file. */
    void remove(String path) throws IOException {
        try {
            connection.ask(sftp -> {
                sftp.remove(path);
                return true;
            });
        } catch (IOException e) {
            boolean missing = SftpConnection.status(e) == StatusCode.NO_SUCH_FILE
                    || (SftpConnection.answered(e) && look(path) == Presence.MISSING);
            if (!missing) {
                throw e;
            }
        }
    }

    void makeDirectory(String path) throws IOException {
        connection.ask(sftp -> {
            sftp.makeDir(path);
            return true;
        });
    }

    void attributes(String path, FileAttributes attributes) throws IOException {
        connection.ask(sftp -> {
            sftp.setAttributes(path, attributes);
            return true;
        });
    }

    /** What has the name; links are not followed. */
    Inspection inspect(String path) throws IOException {
        try {
            FileAttributes attributes = connection.ask(sftp -> sftp.lstat(path));
            return switch (attributes.getType()) {
                case REGULAR ->
                    connection.followsLinks() && isLink(path)
                            ? Inspection.other()
                            : attributes.has(FileAttributes.Flag.SIZE)
                                    ? Inspection.present(attributes.getSize())
                                    : Inspection.notSaid();
                case UNKNOWN -> Inspection.notSaid();
                default -> Inspection.other();
            };
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw e;
            }
            return isMissing(e) ? missing(path) : Inspection.notSaid();
        }
    }

    private boolean isLink(String path) throws IOException {
        return presence(sftp -> sftp.readLink(path)) == Presence.THERE;
    }

    private Inspection missing(String path) throws IOException {
        try {
            FileAttributes attributes = connection.ask(sftp -> sftp.stat(parent(path))); // it may be a link
            return switch (attributes.getType()) {
                case DIRECTORY -> Inspection.missing();
                case UNKNOWN -> Inspection.notSaid();
                default -> Inspection.directoryMissing();
            };
        } catch (IOException e) {
            if (!SftpConnection.answered(e)) {
                throw e;
            }
            return isMissing(e) ? Inspection.directoryMissing() : Inspection.notSaid();
        }
    }

    static String join(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }
}
