package io.outfeed.ftp.internal.transfer;

import static io.outfeed.ftp.internal.path.RemotePaths.ROOT;
import static io.outfeed.ftp.internal.path.RemotePaths.parent;

import io.outfeed.delivery.Inspection;
import io.outfeed.ftp.internal.connection.FtpConnection;
import io.outfeed.ftp.internal.connection.FtpConnection.Reply;
import io.outfeed.ftp.internal.connection.RefusedException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests about a server's files, except uploads.
 *
 * <p>The code 550 says that something is missing, or forbidden, or no file. A name is free for certain if the server
 * shows neither a file nor what could be renamed there, and lets the login into the directory: then it could say what
 * is in it.
 */
final class RemoteFiles {

    private static final Pattern SHA256 = Pattern.compile("(?:^|\\s)([0-9a-fA-F]{64})(?:\\s|$)");

    private final FtpConnection connection;

    /** Whether {@code HASH} was set to SHA-256. */
    private boolean hashSelected;

    RemoteFiles(FtpConnection connection) {
        this.connection = connection;
    }

    /** Whether a name is in use. */
    enum Presence {
        PRESENT,
        MISSING,
        UNKNOWN
    }

    /** Whether something has the name: a file, a directory, a link. */
    Presence presence(String path) throws IOException {
        Inspection found = inspect(path);
        return switch (found.presence()) {
            case PRESENT, OTHER -> Presence.PRESENT;
            case MISSING, DIRECTORY_MISSING -> Presence.MISSING;
            case NOT_SAID -> Presence.UNKNOWN;
        };
    }

    Presence presenceOfDirectory(String path) throws IOException {
        Presence entered = enters(path);
        if (entered != Presence.MISSING) {
            return entered;
        }
        return path.equals(ROOT)
                ? Presence.UNKNOWN
                : canBeRenamed(path) == Presence.MISSING ? Presence.MISSING : Presence.UNKNOWN;
    }

    /** Whether it is a directory that the login may enter; a link to one is one. All paths are absolute. */
    private Presence enters(String path) throws IOException {
        return presence("CWD", path);
    }

    /** Inspects what has the name. Without {@code MLST} a link is taken for what it leads to. */
    Inspection inspect(String path) throws IOException {
        Inspection found = connection.features().facts() ? byFacts(path) : bySize(path);
        return found.isMissing() ? missing(path) : found;
    }

    private Inspection byFacts(String path) throws IOException {
        return ask("MLST", path).map(reply -> Facts.inspection(reply.lines())).orElseGet(Inspection::missing);
    }

    private Inspection bySize(String path) throws IOException {
        Optional<Reply> size = ask("SIZE", path);
        if (size.isEmpty()) {
            return Inspection.missing();
        }
        Optional<Long> bytes = Facts.numberOf(size.get().lines());
        if (bytes.isEmpty()) {
            return Inspection.notSaid();
        }
        Optional<Instant> modified = ask("MDTM", path).flatMap(reply -> Facts.timeOf(reply.lines()));
        return Inspection.present(bytes.get(), modified, Optional.empty());
    }

    private Inspection missing(String path) throws IOException {
        return switch (canBeRenamed(path)) {
            case PRESENT -> enters(path) == Presence.PRESENT ? Inspection.other() : Inspection.notSaid();
            case UNKNOWN -> Inspection.notSaid();
            case MISSING ->
                switch (presenceOfDirectory(parent(path))) {
                    case PRESENT -> Inspection.missing();
                    case MISSING -> Inspection.directoryMissing();
                    case UNKNOWN -> Inspection.notSaid();
                };
        };
    }

    /** The first half of a rename: nothing follows from it without the second one. */
    private Presence canBeRenamed(String path) throws IOException {
        return presence("RNFR", path);
    }

    private Presence presence(String command, String path) throws IOException {
        try {
            connection.command(command, path);
            return Presence.PRESENT;
        } catch (RefusedException e) {
            if (RefusedException.isAnswer(e)) {
                return RefusedException.isUnavailable(e) ? Presence.MISSING : Presence.UNKNOWN;
            }
            throw e;
        }
    }

    /** Sends a command; empty if the server refuses it. */
    private Optional<Reply> ask(String command, String argument) throws IOException {
        try {
            return Optional.of(connection.command(command, argument));
        } catch (RefusedException e) {
            if (RefusedException.isAnswer(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The SHA-256 of a file; empty if the server does not compute it, or refuses. */
    Optional<String> sha256(String path) throws IOException {
        if (connection.features().hash()) {
            if (!hashSelected) {
                hashSelected = ask("OPTS", "HASH SHA-256").isPresent();
            }
            if (hashSelected) {
                return ask("HASH", path).flatMap(reply -> hash(reply.lines()));
            }
        }
        return connection.features().xsha256()
                ? ask("XSHA256", path).flatMap(reply -> hash(reply.lines()))
                : Optional.empty();
    }

    /** Finds the hash in the last line of a reply, which may have the algorithm, the range and the name as well. */
    private static Optional<String> hash(List<String> reply) {
        Matcher found = SHA256.matcher(reply.isEmpty() ? "" : reply.get(reply.size() - 1));
        return found.find() ? Optional.of(found.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** The SHA-256 of a file: as the server computes it, or of its bytes, which are read back. */
    Optional<String> readSha256(String path) throws IOException {
        Optional<String> computed = sha256(path);
        if (computed.isPresent()) {
            return computed;
        }
        MessageDigest digest = sha256();
        try {
            connection.retrieve(path, digest);
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (RefusedException e) {
            if (RefusedException.isAnswer(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Renames; most servers replace what has the new name. */
    void rename(String from, String to) throws IOException {
        connection.command("RNFR", from);
        connection.command("RNTO", to);
    }

    /** Removes a file if it exists. */
    void remove(String path) throws IOException {
        try {
            connection.command("DELE", path);
        } catch (RefusedException e) {
            if (!RefusedException.isAnswer(e) || presence(path) != Presence.MISSING) {
                throw e;
            }
        }
    }

    void createDirectory(String path) throws IOException {
        connection.command("MKD", path);
    }
}
