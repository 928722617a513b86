package io.outfeed.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.RemoteFile;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * A remote file that is written with many writes under way at once, each of which is confirmed.
 *
 * <p>Neither sshj's file transfer, which hides a failure to close and changes attributes that servers refuse to change,
 * nor its output stream, whose flush waits for all confirmations without a sign of progress.
 */
final class Upload extends RemoteFile {

    private static final int WRITES_UNDER_WAY = 64;

    private final SftpConnection connection;
    private final Queue<Promise<Response, SFTPException>> unconfirmed = new ArrayDeque<>();
    private long sent;

    private Upload(SftpConnection connection, SFTPEngine engine, String path, byte[] handle) {
        super(engine, path, handle);
        this.connection = connection;
    }

    /** Opens a file for writing: anew if it is there, empty. */
    static Upload open(SftpConnection connection, String path) throws IOException {
        return connection.ask(engine -> new Upload(
                connection,
                engine,
                path,
                engine.request(engine.newRequest(PacketType.OPEN)
                                .putString(path, StandardCharsets.UTF_8)
                                .putUInt32(OpenMode.toMask(EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.TRUNC)))
                                .putFileAttributes(FileAttributes.EMPTY))
                        .retrieve(connection.answerMillis(), TimeUnit.MILLISECONDS)
                        .ensurePacketTypeIs(PacketType.HANDLE)
                        .readBytes()));
    }

    /**
     * Sends a file and waits until the server has confirmed each write. Returns how many bytes it had.
     *
     * @throws UncheckedIOException if the file can't be read; the connection is well then
     */
    long send(Path content) throws IOException {
        return connection.ask(engine -> {
            byte[] buffer = new byte[connection.largestWrite()];
            try (InputStream in = local(() -> Files.newInputStream(content))) {
                int count = local(() -> in.readNBytes(buffer, 0, buffer.length));
                while (count > 0) {
                    if (unconfirmed.size() >= WRITES_UNDER_WAY) {
                        confirm();
                    }
                    unconfirmed.add(asyncWrite(sent, buffer, 0, count));
                    connection.progress();
                    sent += count;
                    count = local(() -> in.readNBytes(buffer, 0, buffer.length));
                }
            }
            while (!unconfirmed.isEmpty()) {
                confirm();
            }
            return sent;
        });
    }

    /** Parts a failure of this machine from one of the connection. */
    private static <R> R local(Watchdog.Step<R> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes it, which is when some servers say that they could not keep it. */
    void finish() throws IOException {
        connection.ask(engine -> {
            close();
            return true;
        });
    }

    private void confirm() throws IOException {
        unconfirmed
                .remove()
                .retrieve(connection.answerMillis(), TimeUnit.MILLISECONDS)
                .ensureStatusPacketIsOK();
        connection.progress();
    }
}
