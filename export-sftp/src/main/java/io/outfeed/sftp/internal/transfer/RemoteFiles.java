package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.internal.path.RemotePaths.join;
import static io.outfeed.sftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.Inspection;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.connection.ServerTraits;
import io.outfeed.sftp.internal.connection.SftpConnection;
import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.RenameFlags;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;

/** The requests about a server's files, except writes. A write-only server denies those that read attributes. */
final class RemoteFiles {

    private static final Set<RenameFlags> NO_OVERWRITE = EnumSet.noneOf(RenameFlags.class);
    private static final Set<RenameFlags> POSIX_RENAME = EnumSet.of(RenameFlags.OVERWRITE);
    private static final int SHA256_BYTES = 32;

    /** What every server can answer in one packet. */
    private static final int READ_LENGTH = 1 << 15;

    private final SftpConnection connection;

    RemoteFiles(SftpConnection connection) {
        this.connection = connection;
    }

    /** The real path of a path; empty if the server does not tell it. */
    Optional<String> realPath(String path) throws IOException {
        try {
            return Optional.of(connection.request(sftp -> sftp.canonicalize(path)));
        } catch (IOException e) {
            if (SftpStatus.isAnswer(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether a name is in use. */
    enum Presence {
        PRESENT,
        MISSING,
        UNKNOWN
    }

    Presence presence(String path) throws IOException {
        return presence(sftp -> sftp.lstat(path));
    }

    /** For a file that this user has written: if attributes are denied, whether it can be opened for reading. */
    Presence presenceOfOwnFile(String path) throws IOException {
        Presence presence = presence(path);
        return presence == Presence.UNKNOWN
                ? presence(sftp -> close(sftp.open(path, EnumSet.of(OpenMode.READ))))
                : presence;
    }

    /** For a directory: if attributes are denied, whether it can be listed, or a path in it can be resolved. */
    Presence presenceOfDirectory(String path) throws IOException {
        Presence presence = presence(path);
        if (presence == Presence.UNKNOWN) {
            presence = presence(sftp -> close(sftp.openDir(path)));
        }
        boolean unresolvable = presence == Presence.UNKNOWN
                && presence(sftp -> sftp.canonicalize(join(path, "any"))) == Presence.MISSING;
        return unresolvable ? Presence.MISSING : presence;
    }

    private static boolean close(Closeable opened) throws IOException {
        opened.close();
        return true;
    }

    private Presence presence(SftpConnection.Request<?> request) throws IOException {
        try {
            connection.request(request);
            return Presence.PRESENT;
        } catch (IOException e) {
            if (SftpStatus.isMissing(e)) {
                return Presence.MISSING;
            }
            if (SftpStatus.isAnswer(e)) {
                return Presence.UNKNOWN;
            }
            throw e;
        }
    }

    /** The size of a file that should exist; empty if the server does not report sizes. */
    OptionalLong size(String path) throws IOException {
        try {
            FileAttributes attributes = connection.request(sftp -> sftp.stat(path));
            return attributes.has(FileAttributes.Flag.SIZE)
                    ? OptionalLong.of(attributes.getSize())
                    : OptionalLong.empty();
        } catch (IOException e) {
            StatusCode status = SftpStatus.of(e);
            if (status == StatusCode.PERMISSION_DENIED || status == StatusCode.OP_UNSUPPORTED) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    /** The SHA-256 of a file; empty if the server does not offer {@code check-file}, or refuses it. */
    Optional<byte[]> sha256(String path) throws IOException {
        if (!connection.traits().hashesFiles()) {
            return Optional.empty();
        }
        try {
            return connection.request(sftp -> {
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
            if (SftpStatus.isAnswer(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Reads the algorithm, which some servers precede by the extension's name, and the hash, which some precede by its
     * length.
     */
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

    /** The SHA-256 of a file: as the server computes it, or of its bytes, which are read back. */
    Optional<String> readSha256(String path) throws IOException {
        Optional<byte[]> computed = sha256(path);
        if (computed.isPresent()) {
            return computed.map(HexFormat.of()::formatHex);
        }
        try {
            return Optional.of(HexFormat.of().formatHex(readBack(path)));
        } catch (IOException e) {
            if (SftpStatus.isAnswer(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private byte[] readBack(String path) throws IOException {
        RemoteFile file = connection.request(sftp -> sftp.open(path, EnumSet.of(OpenMode.READ)));
        try {
            return hash(file);
        } finally {
            // no try-with-resources: sshj may throw the same exception again, which can't be suppressed by itself
            if (!connection.broken()) {
                connection.request(sftp -> close(file));
            }
        }
    }

    private byte[] hash(RemoteFile file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[READ_LENGTH];
        long offset = 0;
        for (int count = read(file, offset, buffer); count >= 0; count = read(file, offset, buffer)) {
            digest.update(buffer, 0, count);
            offset += count;
        }
        return digest.digest();
    }

    private int read(RemoteFile file, long offset, byte[] buffer) throws IOException {
        return connection.request(sftp -> file.read(offset, buffer, 0, buffer.length));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    void rename(String from, String to) throws IOException {
        connection.request(sftp -> {
            sftp.rename(from, to, NO_OVERWRITE);
            return true;
        });
    }

    /** Renames and replaces an existing file in one step; requires {@link ServerTraits#atomicReplace}. */
    void replace(String from, String to) throws IOException {
        connection.request(sftp -> {
            sftp.rename(from, to, POSIX_RENAME);
            return true;
        });
    }

    /** Removes a file if it exists. */
    void remove(String path) throws IOException {
        try {
            connection.request(sftp -> {
                sftp.remove(path);
                return true;
            });
        } catch (IOException e) {
            boolean missing = SftpStatus.of(e) == StatusCode.NO_SUCH_FILE
                    || (SftpStatus.isAnswer(e) && presence(path) == Presence.MISSING);
            if (!missing) {
                throw e;
            }
        }
    }

    void createDirectory(String path) throws IOException {
        connection.request(sftp -> {
            sftp.makeDir(path);
            return true;
        });
    }

    void setAttributes(String path, FileAttributes attributes) throws IOException {
        connection.request(sftp -> {
            sftp.setAttributes(path, attributes);
            return true;
        });
    }

    /** Inspects what has the name; links are not followed. */
    Inspection inspect(String path) throws IOException {
        try {
            FileAttributes attributes = connection.request(sftp -> sftp.lstat(path));
            return switch (attributes.getType()) {
                case REGULAR ->
                    connection.traits().followsLinks() && isLink(path)
                            ? Inspection.other()
                            : attributes.has(FileAttributes.Flag.SIZE) ? present(attributes) : Inspection.notSaid();
                case UNKNOWN -> Inspection.notSaid();
                default -> Inspection.other();
            };
        } catch (IOException e) {
            if (!SftpStatus.isAnswer(e)) {
                throw e;
            }
            return SftpStatus.isMissing(e) ? missing(path) : Inspection.notSaid();
        }
    }

    /** Version 3 of the protocol has no key of a file. */
    private static Inspection present(FileAttributes attributes) {
        boolean said = attributes.has(FileAttributes.Flag.ACMODTIME);
        return Inspection.present(
                attributes.getSize(),
                said ? Optional.of(Instant.ofEpochSecond(attributes.getMtime())) : Optional.empty(),
                Optional.empty());
    }

    private boolean isLink(String path) throws IOException {
        return presence(sftp -> sftp.readLink(path)) == Presence.PRESENT;
    }

    private Inspection missing(String path) throws IOException {
        try {
            FileAttributes attributes =
                    connection.request(sftp -> sftp.stat(parent(path))); // the directory may be a link
            return switch (attributes.getType()) {
                case DIRECTORY -> Inspection.missing();
                case UNKNOWN -> Inspection.notSaid();
                default -> Inspection.directoryMissing();
            };
        } catch (IOException e) {
            if (!SftpStatus.isAnswer(e)) {
                throw e;
            }
            return SftpStatus.isMissing(e) ? Inspection.directoryMissing() : Inspection.notSaid();
        }
    }
}
