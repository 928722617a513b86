package io.outfeed.sftp.internal.transfer;

import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.connection.SftpConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a remote file with many unconfirmed writes at a time, and waits for the confirmation of each.
 *
 * <p>It replaces sshj's file transfer, which hides a failure to close and changes attributes that servers refuse to
 * change, and sshj's output stream, which copies much and whose flush waits for all confirmations without a sign of
 * progress.
 *
 * <p>A channel carries one window per round trip. Where the round trip is long, and the server is known to support it,
 * a large file is written over several channels, each of which writes what the others do not.
 */
final class Upload {

    private static final Set<OpenMode> NEW = EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL);
    private static final Set<OpenMode> TRUNCATE = EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.TRUNC);
    private static final Set<OpenMode> OVERWRITE = EnumSet.of(OpenMode.WRITE, OpenMode.TRUNC);
    private static final Set<OpenMode> KEEP = EnumSet.of(OpenMode.WRITE);

    /** A smaller file is sent before another channel is open. */
    private static final long LARGE = 8L << 20;

    private final SftpConnection connection;
    private final String path;
    private final List<ChannelWriter> writers = new ArrayList<>();

    /** Writers that other threads have opened. */
    private final Queue<ChannelWriter> opened = new ConcurrentLinkedQueue<>();

    private final List<Thread> openers = new ArrayList<>();

    /** Up to where writes were started. */
    private long started;

    private @Nullable IOException unreadable;

    private Upload(SftpConnection connection, String path, ChannelWriter first, long from) {
        this.connection = connection;
        this.path = path;
        this.writers.add(first);
        this.started = from;
    }

    /** Creates a file with these attributes. The server refuses if there is anything under the name, even a link. */
    static Upload createNew(SftpConnection connection, String path, FileAttributes attributes) throws IOException {
        return open(connection, path, NEW, attributes, 0);
    }

    /** Opens a file for writing, with these attributes if it is new; an existing file is truncated. */
    static Upload create(SftpConnection connection, String path, FileAttributes attributes) throws IOException {
        return open(connection, path, TRUNCATE, attributes, 0);
    }

    /** Opens an existing file to write it from the beginning. */
    static Upload overwrite(SftpConnection connection, String path) throws IOException {
        return open(connection, path, OVERWRITE, FileAttributes.EMPTY, 0);
    }

    /** Opens an existing file to continue it. */
    static Upload resume(SftpConnection connection, String path, long from) throws IOException {
        return open(connection, path, KEEP, FileAttributes.EMPTY, from);
    }

    private static Upload open(
            SftpConnection connection, String path, Set<OpenMode> modes, FileAttributes attributes, long from)
            throws IOException {
        return connection.request(sftp -> new Upload(
                connection, path, ChannelWriter.open(sftp, path, modes, attributes, connection.answerMillis()), from));
    }

    /** Returns the attributes of the open file. */
    FileAttributes attributes() throws IOException {
        return connection.request(sftp -> writers.get(0).attributes(connection.answerMillis()));
    }

    /** Sets attributes of the open file. */
    void setAttributes(FileAttributes attributes) throws IOException {
        connection.request(sftp -> {
            writers.get(0).setAttributes(attributes, connection.answerMillis());
            return true;
        });
    }

    String path() {
        return path;
    }

    /** Up to where the server has confirmed all writes. */
    long confirmed() {
        return writers.stream()
                .mapToLong(writer -> writer.confirmed(started))
                .min()
                .orElse(started);
    }

    // ---- send

    /**
     * Sends the rest of a file, and waits until the server has confirmed each write.
     *
     * @param confirmedBytes is called with the position up to which all writes are confirmed
     * @throws UncheckedIOException if the file can't be read; the connection is intact then
     */
    void send(Path content, long bytes, LongConsumer confirmedBytes) throws IOException {
        try (FileChannel in = local(content)) {
            connection.request(sftp -> {
                try {
                    send((offset, to) -> read(in, offset, to), bytes, confirmedBytes);
                } finally {
                    awaitOpeners();
                }
                return true;
            });
        }
        if (unreadable != null) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void send(ChannelWriter.Content content, long bytes, LongConsumer confirmedBytes) throws IOException {
        if (bytes - started >= LARGE) {
            openFurtherChannels();
        }
        try {
            while (started < bytes || isWriting()) {
                long seen = connection.progressSignal().count();
                addOpenedWriters();
                boolean pause = connection.needsNewKeys();
                boolean moved = false;
                for (ChannelWriter writer : writers) {
                    if (confirmSome(writer)) {
                        confirmedBytes.accept(confirmed());
                        moved = true;
                    }
                    moved |= sendSome(writer, content, pause ? started : bytes);
                }
                if (pause && !isWriting()) {
                    confirmAll(confirmedBytes);
                    connection.renewKeys();
                } else if (!moved) {
                    await(seen, confirmedBytes);
                }
                connection.progress();
            }
            confirmAll(confirmedBytes);
        } catch (SFTPException e) {
            if (SftpStatus.isAnswer(e)) {
                completeWrites();
            }
            throw e;
        }
    }

    private void confirmAll(LongConsumer confirmedBytes) throws IOException {
        for (ChannelWriter writer : writers) {
            while (writer.hasUnconfirmedWrites()) {
                writer.confirm(connection.answerMillis());
                confirmedBytes.accept(confirmed());
                connection.progress();
            }
        }
    }

    private boolean isWriting() {
        for (ChannelWriter writer : writers) {
            if (writer.isWriting()) {
                return true;
            }
        }
        return false;
    }

    private static boolean confirmSome(ChannelWriter writer) throws IOException {
        boolean some = false;
        while (writer.hasAnswer()) {
            writer.confirm(1);
            some = true;
        }
        return some;
    }

    /** Starts at most one write before the end, so that the writers take turns, and continues it. */
    private boolean sendSome(ChannelWriter writer, ChannelWriter.Content content, long end) throws IOException {
        boolean some = false;
        if (started < end && writer.canStartWrite()) {
            int count = (int) Math.min(connection.traits().maxWrite(), end - started);
            long from = started;
            started += count;
            writer.startWrite(from, count, content);
            some = true;
        }
        while (writer.continueWrite()) {
            some = true;
        }
        return some;
    }

    /** Waits for a window, or for an answer, since nothing can be sent. */
    private void await(long seen, LongConsumer confirmedBytes) throws IOException {
        if (writers.stream().allMatch(ChannelWriter::isFull)) {
            writers.get(0).confirm(connection.answerMillis());
            confirmedBytes.accept(confirmed());
        } else if (!connection.progressSignal().await(seen, connection.answerMillis())) {
            throw new IOException("the server takes no more");
        }
    }

    /** Completes started writes after a refusal, and reads all answers, so that the channels can be used again. */
    private void completeWrites() throws IOException {
        for (ChannelWriter writer : writers) {
            while (writer.isWriting()) {
                long seen = connection.progressSignal().count();
                if (!writer.continueWrite()) {
                    connection.progressSignal().await(seen, connection.answerMillis());
                }
                connection.progress();
            }
            while (writer.hasUnconfirmedWrites()) {
                try {
                    writer.confirm(connection.answerMillis());
                } catch (SFTPException e) {
                    if (!SftpStatus.isAnswer(e)) {
                        throw e;
                    }
                }
                connection.progress();
            }
        }
    }

    private static FileChannel local(Path content) {
        try {
            return FileChannel.open(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A started write must be completed: what can't be read is sent as zeros, and reported afterwards. */
    private void read(FileChannel in, long offset, ByteBuffer to) {
        try {
            int read = 0;
            while (to.hasRemaining() && read >= 0) {
                read = in.read(to, offset + to.position());
            }
            if (to.hasRemaining() && unreadable == null) {
                unreadable = new IOException("the file has become shorter");
            }
        } catch (IOException e) {
            unreadable = e;
        }
        while (to.hasRemaining()) {
            to.put((byte) 0);
        }
    }

    // ---- further channels

    private void openFurtherChannels() {
        for (SftpConnection.ParallelChannel channel : connection.parallelChannels()) {
            Thread opener = new Thread(() -> openAnother(channel), "outfeed-sftp-channel");
            opener.setDaemon(true);
            openers.add(opener);
            opener.start();
        }
    }

    private void openAnother(SftpConnection.ParallelChannel channel) {
        try {
            opened.add(ChannelWriter.open(channel.open(), path, KEEP, FileAttributes.EMPTY, connection.answerMillis()));
            connection.progressSignal().signal();
        } catch (IOException | SSHRuntimeException e) {
            channel.giveUp(e); // the first channel is enough
        }
    }

    private void addOpenedWriters() {
        for (ChannelWriter writer = opened.poll(); writer != null; writer = opened.poll()) {
            writers.add(writer);
        }
    }

    private void awaitOpeners() throws IOException {
        try {
            for (Thread opener : openers) {
                opener.join(connection.answerMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException().initCause(e);
        }
        addOpenedWriters();
    }

    // ---- close

    /** Closes the file; some servers report only then that they could not store it. */
    void close() throws IOException {
        connection.request(sftp -> {
            List<Promise<Response, SFTPException>> answers = new ArrayList<>();
            for (ChannelWriter writer : writers) {
                answers.add(writer.close());
            }
            SFTPException refused = null;
            for (Promise<Response, SFTPException> answer : answers) {
                try {
                    answer.retrieve(connection.answerMillis(), TimeUnit.MILLISECONDS)
                            .ensureStatusPacketIsOK();
                } catch (SFTPException e) {
                    refused = refused == null ? e : refused;
                }
            }
            if (refused != null) {
                throw refused;
            }
            return true;
        });
    }
}
