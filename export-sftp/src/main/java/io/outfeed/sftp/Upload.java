package io.outfeed.sftp;

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
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * A remote file that is written with many writes under way at once, each of which is confirmed.
 *
 * <p>Neither sshj's file transfer, which hides a failure to close and changes attributes that servers refuse to change,
 * nor its output stream, which copies much and whose flush waits for all confirmations without a sign of progress. A
 * channel carries one window of the server's in a round trip: over a long way a large file gets several channels, each of
 * which writes what the others do not, where the server is known to take that.
 */
final class Upload {

    private static final Set<OpenMode> ANEW = EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.TRUNC);
    private static final Set<OpenMode> AS_IT_IS = EnumSet.of(OpenMode.WRITE);

    /** What is smaller is sent before another channel is open. */
    private static final long LARGE = 8L << 20;

    private final SftpConnection connection;
    private final String path;
    private final List<Lane> lanes = new ArrayList<>();

    /** Lanes that other threads have opened. */
    private final Queue<Lane> opened = new ConcurrentLinkedQueue<>();

    private final List<Thread> openers = new ArrayList<>();

    /** Up to where writes have begun. */
    private long begun;

    private @Nullable IOException unreadable;

    private Upload(SftpConnection connection, String path, Lane first, long from) {
        this.connection = connection;
        this.path = path;
        this.lanes.add(first);
        this.begun = from;
    }

    /** Opens a file for writing: anew if it is there, empty. */
    static Upload anew(SftpConnection connection, String path) throws IOException {
        return open(connection, path, ANEW, 0);
    }

    /** Opens a file that is there, to go on with it. */
    static Upload goOn(SftpConnection connection, String path, long from) throws IOException {
        return open(connection, path, AS_IT_IS, from);
    }

    private static Upload open(SftpConnection connection, String path, Set<OpenMode> modes, long from)
            throws IOException {
        return connection.ask(
                sftp -> new Upload(connection, path, Lane.open(sftp, path, modes, connection.answerMillis()), from));
    }

    String path() {
        return path;
    }

    /** Up to where the server has confirmed everything. */
    long confirmed() {
        return lanes.stream().mapToLong(lane -> lane.confirmed(begun)).min().orElse(begun);
    }

    // ---- send

    /**
     * Sends the rest of a file and waits until the server has confirmed each write.
     *
     * @param sent takes up to where the server has confirmed everything
     * @throws UncheckedIOException if the file can't be read; the connection is well then
     */
    void send(Path content, long bytes, LongConsumer sent) throws IOException {
        try (FileChannel in = local(content)) {
            connection.ask(sftp -> {
                try {
                    send((offset, to) -> read(in, offset, to), bytes, sent);
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

    private void send(Lane.Content content, long bytes, LongConsumer sent) throws IOException {
        if (bytes - begun >= LARGE) {
            openMore();
        }
        try {
            while (begun < bytes || underWay()) {
                long seen = connection.changes().count();
                takeOpened();
                boolean moved = false;
                for (Lane lane : lanes) {
                    if (confirmSome(lane)) {
                        sent.accept(confirmed());
                        moved = true;
                    }
                    moved |= sendSome(lane, content, bytes);
                }
                if (!moved) {
                    await(seen);
                }
                connection.progress();
            }
            for (Lane lane : lanes) {
                while (lane.unconfirmed()) {
                    lane.confirm(connection.answerMillis());
                    sent.accept(confirmed());
                    connection.progress();
                }
            }
        } catch (SFTPException e) {
            if (SftpConnection.answered(e)) {
                endWrites();
            }
            throw e;
        }
    }

    private boolean underWay() {
        for (Lane lane : lanes) {
            if (lane.underWay()) {
                return true;
            }
        }
        return false;
    }

    private static boolean confirmSome(Lane lane) throws IOException {
        boolean some = false;
        while (lane.answered()) {
            lane.confirm(1);
            some = true;
        }
        return some;
    }

    /** At most one write, so that the lanes take turns. */
    private boolean sendSome(Lane lane, Lane.Content content, long bytes) throws IOException {
        boolean some = false;
        if (begun < bytes && lane.mayBegin()) {
            int count = (int) Math.min(connection.largestWrite(), bytes - begun);
            long from = begun;
            begun += count;
            lane.begin(from, count, content);
            some = true;
        }
        while (lane.goOn()) {
            some = true;
        }
        return some;
    }

    /** Nothing can be sent: waits for room, or for an answer. */
    private void await(long seen) throws IOException {
        if (lanes.stream().allMatch(Lane::full)) {
            lanes.get(0).confirm(connection.answerMillis());
        } else if (!connection.changes().await(seen, connection.answerMillis())) {
            throw new IOException("the server takes no more");
        }
    }

    /** After a refusal: what has begun ends, and all answers are taken, so that the channels can be used again. */
    private void endWrites() throws IOException {
        for (Lane lane : lanes) {
            while (lane.underWay()) {
                long seen = connection.changes().count();
                if (!lane.goOn()) {
                    connection.changes().await(seen, connection.answerMillis());
                }
                connection.progress();
            }
            while (lane.unconfirmed()) {
                try {
                    lane.confirm(connection.answerMillis());
                } catch (SFTPException e) {
                    if (!SftpConnection.answered(e)) {
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

    /** A write that has begun has to end, whatever can be read: with zeros, and a failure afterwards. */
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

    // ---- more lanes

    private void openMore() {
        for (SftpConnection.FurtherChannel channel : connection.furtherChannels()) {
            Thread opener = new Thread(() -> openAnother(channel), "outfeed-sftp-channel");
            opener.setDaemon(true);
            openers.add(opener);
            opener.start();
        }
    }

    private void openAnother(SftpConnection.FurtherChannel channel) {
        try {
            opened.add(Lane.open(channel.open(), path, AS_IT_IS, connection.answerMillis()));
            connection.changes().happened();
        } catch (IOException | SSHRuntimeException e) {
            channel.refused(e); // one will do
        }
    }

    private void takeOpened() {
        for (Lane lane = opened.poll(); lane != null; lane = opened.poll()) {
            lanes.add(lane);
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
        takeOpened();
    }

    // ---- close

    /** Closes it, which is when some servers say that they could not keep it. */
    void finish() throws IOException {
        connection.ask(sftp -> {
            List<Promise<Response, SFTPException>> answers = new ArrayList<>();
            for (Lane lane : lanes) {
                answers.add(lane.close());
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
