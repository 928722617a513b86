package io.outfeed.ftp.internal.connection;

import io.outfeed.internal.connection.PooledConnection;
import io.outfeed.internal.connection.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which a user is logged in. A {@link Watchdog} over its sockets releases whatever hangs. Not
 * thread-safe.
 */
public final class FtpConnection implements PooledConnection {

    private static final Duration LONGEST_DISCONNECT = Duration.ofSeconds(5);
    private static final int BUFFER = 1 << 16;

    private final Endpoint endpoint;
    private final FtpClient client;
    private final Watchdog watchdog;
    private final ServerFeatures features;
    private final @Nullable String home;
    private boolean broken;

    FtpConnection(
            Endpoint endpoint, FtpClient client, Watchdog watchdog, ServerFeatures features, @Nullable String home) {
        this.endpoint = endpoint;
        this.client = client;
        this.watchdog = watchdog;
        this.features = features;
        this.home = home;
    }

    /** What the server can do. */
    public ServerFeatures features() {
        return features;
    }

    /** The directory in which the login begins; empty if the server does not say. */
    public Optional<String> home() {
        return Optional.ofNullable(home);
    }

    /** A reply that does not refuse. */
    public record Reply(int code, List<String> lines) {}

    /**
     * Sends a command, which the server must answer within the operation timeout.
     *
     * @throws RefusedException if the server refuses; the connection is intact then
     * @throws IOException if the connection is broken
     */
    public Reply command(String command, @Nullable String argument) throws IOException {
        return request(() -> {
            int code = client.command(command, argument);
            if (code >= 400) {
                throw new RefusedException(code);
            }
            return new Reply(code, client.lines());
        });
    }

    private <R> R request(Watchdog.Operation<R> request) throws IOException {
        if (broken) {
            throw new IOException("the connection is broken");
        }
        boolean intact = false;
        try {
            R answer = watchdog.watch(endpoint.operationTimeout(), request);
            intact = true;
            return answer;
        } catch (RefusedException e) {
            intact = RefusedException.isAnswer(e);
            throw e;
        } finally {
            broken |= !intact;
        }
    }

    /** What is uploaded. */
    @FunctionalInterface
    public interface Content {
        /**
         * Reads the next bytes.
         *
         * @return how many; less than one at the end
         * @throws UncheckedIOException if the file can't be read
         */
        int read(byte[] into);
    }

    /**
     * Writes a file from an offset on, which is its size at the server, or from the beginning. Returns when the server
     * has confirmed the end.
     *
     * @param sent is called with the size that is sent
     * @throws UncheckedIOException if the content can't be read; the connection is broken then, since its end would be
     *     that of the file
     */
    public void store(String path, long offset, Content content, LongConsumer sent) throws IOException {
        request(() -> {
            DataConnection data = client.openData("STOR", path, offset);
            boolean ended = false;
            try {
                send(data, offset, content, sent);
                data.endOutput();
                ended = true;
            } catch (IOException e) {
                data.abort();
                requirePositive(client.transferReply()); // mostly it says why the transfer was broken off
                throw e;
            } finally {
                if (!ended) {
                    data.abort();
                }
            }
            requirePositive(client.transferReply());
            return true;
        });
    }

    private void send(DataConnection data, long offset, Content content, LongConsumer sent) throws IOException {
        OutputStream out = data.output();
        byte[] buffer = new byte[BUFFER];
        long position = offset;
        long lastCommand = System.nanoTime();
        for (int read = content.read(buffer); read > 0; read = content.read(buffer)) {
            out.write(buffer, 0, read);
            position += read;
            sent.accept(position);
            watchdog.progress();
            long now = System.nanoTime();
            if (!endpoint.keepAlive().isZero()
                    && now - lastCommand >= endpoint.keepAlive().toNanos()) {
                client.keepAlive();
                lastCommand = now;
            }
        }
    }

    private static void requirePositive(int code) throws RefusedException {
        if (!FTPReply.isPositiveCompletion(code)) {
            throw new RefusedException(code);
        }
    }

    /** Reads a file into a digest. */
    public void retrieve(String path, MessageDigest into) throws IOException {
        receive("RETR", path, into::update);
    }

    /** Lists the names under a path, and forgets them. */
    void list(String path) throws IOException {
        receive("NLST", path, (bytes, from, count) -> {});
    }

    private interface Sink {
        void take(byte[] bytes, int from, int count);
    }

    private void receive(String command, String path, Sink sink) throws IOException {
        request(() -> {
            DataConnection data = client.openData(command, path, 0);
            try {
                InputStream in = data.input();
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    sink.take(buffer, 0, read);
                    watchdog.progress();
                }
                data.close();
            } catch (IOException e) {
                data.abort();
                requirePositive(client.transferReply()); // mostly it says why the transfer was broken off
                throw e;
            }
            requirePositive(client.transferReply());
            return true;
        });
    }

    /** Whether no further request can be sent. */
    @Override
    public boolean broken() {
        return broken;
    }

    /** Whether the server still answers. */
    @Override
    public boolean answers() {
        try {
            command("NOOP", null);
            return true;
        } catch (IOException e) {
            return RefusedException.isAnswer(e);
        }
    }

    @Override
    public Watchdog watchdog() {
        return watchdog;
    }

    /** Closes it, by a command unless it is broken. Returns soon, whatever the server does. */
    @Override
    public void close() {
        Duration limit = endpoint.operationTimeout().compareTo(LONGEST_DISCONNECT) < 0
                ? endpoint.operationTimeout()
                : LONGEST_DISCONNECT;
        try {
            if (!broken) {
                watchdog.watch(limit, () -> client.command("QUIT", null));
            }
        } catch (IOException e) {
            // it is closed either way
        } finally {
            broken = true;
            watchdog.closeSockets();
        }
    }
}
