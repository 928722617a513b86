package io.outfeed.sftp.internal.connection;

import io.outfeed.internal.connection.PooledConnection;
import io.outfeed.internal.connection.Watchdog;
import io.outfeed.sftp.internal.channel.ProgressSignal;
import io.outfeed.sftp.internal.channel.SftpChannel;
import io.outfeed.sftp.internal.channel.SftpStatus;
import io.outfeed.sftp.internal.channel.Traffic;
import io.outfeed.sftp.internal.failure.ServerTexts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on which a user is logged in, with one SFTP channel. A {@link Watchdog} over its socket releases
 * whatever hangs. Not thread-safe.
 */
public final class SftpConnection implements PooledConnection {

    private static final Logger log = LoggerFactory.getLogger(SftpConnection.class);

    private static final Duration LONGEST_DISCONNECT = Duration.ofSeconds(5);

    /** By how much sshj's own limits are longer: the watchdog comes first, since it also releases what sshj can't. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Endpoint endpoint;
    private final SSHClient client;
    private final Watchdog watchdog;
    private final ProgressSignal progressSignal;
    private final Traffic traffic;
    private final KeyUse keys;
    private final SftpChannel channel;
    private final ServerTraits traits;
    private final List<ParallelChannel> parallelChannels =
            List.of(new ParallelChannel(), new ParallelChannel(), new ParallelChannel());
    private volatile boolean parallel;
    private boolean broken;

    SftpConnection(
            Endpoint endpoint,
            SSHClient client,
            Watchdog watchdog,
            ProgressSignal progressSignal,
            Traffic traffic,
            KeyUse keys,
            SftpChannel channel,
            ServerTraits traits) {
        this.endpoint = endpoint;
        this.client = client;
        this.watchdog = watchdog;
        this.progressSignal = progressSignal;
        this.traffic = traffic;
        this.keys = keys;
        this.channel = channel;
        this.traits = traits;
        this.parallel = traits.parallelChannels();
    }

    /** A request to the server, which must answer within the operation timeout. */
    @FunctionalInterface
    public interface Request<R> {
        R send(SftpChannel channel) throws IOException;
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws net.schmizz.sshj.sftp.SFTPException with a status code if the server refuses; the connection is intact
     *     then
     * @throws IOException if the connection is broken
     */
    public <R> R request(Request<R> request) throws IOException {
        try {
            return ServerTexts.watch(watchdog, endpoint.operationTimeout(), () -> {
                if (keys.due()) {
                    renewKeys();
                }
                return request.send(channel);
            });
        } catch (IOException e) {
            broken |= !SftpStatus.isAnswer(e);
            throw e;
        } catch (SSHRuntimeException e) {
            broken = true;
            throw new IOException(e);
        }
    }

    /** Reports that something was confirmed during a {@link #request}, which restarts its timeout. */
    public void progress() {
        watchdog.progress();
    }

    /** Whether the keys have been used long enough, so that a long {@link #request} should pause for new ones. */
    public boolean needsNewKeys() {
        return keys.due();
    }

    /**
     * Agrees on new keys. No answer of the server may be outstanding: while one is taken, its channel may extend its
     * window, which waits for the keys, for which sshj's reader waits, which waits for the channel.
     */
    public void renewKeys() throws IOException {
        client.getTransport().doKex();
    }

    /** Whether no further request can be sent. */
    @Override
    public boolean broken() {
        return broken;
    }

    public ServerTraits traits() {
        return traits;
    }

    public ProgressSignal progressSignal() {
        return progressSignal;
    }

    /** How long to wait for one answer. */
    public int answerMillis() {
        return sshjMillis(endpoint.operationTimeout());
    }

    /** Whether the server still answers. */
    @Override
    public boolean answers() {
        try {
            request(sftp -> sftp.canonicalize("."));
            return true;
        } catch (IOException e) {
            return SftpStatus.isAnswer(e);
        }
    }

    @Override
    public Watchdog watchdog() {
        return watchdog;
    }

    /** Closes it, by a disconnect message unless it is broken. Returns soon, whatever the server does. */
    @Override
    public void close() {
        if (broken) {
            watchdog.closeSockets();
        }
        disconnect(client, watchdog, endpoint);
    }

    static void disconnect(SSHClient client, Watchdog watchdog, Endpoint endpoint) {
        Duration limit = endpoint.operationTimeout().compareTo(LONGEST_DISCONNECT) < 0
                ? endpoint.operationTimeout()
                : LONGEST_DISCONNECT;
        try {
            ServerTexts.watch(watchdog, limit, () -> {
                client.disconnect(); // does not wait for the channel's end, which a dead server never confirms
                return true;
            });
        } catch (IOException | SSHRuntimeException e) {
            // it is closed either way
        } finally {
            watchdog.closeSockets();
            client.getConnection().getKeepAlive().interrupt(); // disconnecting has done so, unless it was cut off
        }
    }

    /** The limit to give sshj for an operation that the watchdog limits. */
    static int sshjMillis(Duration limit) {
        return Math.toIntExact(limit.plus(GRACE).toMillis());
    }

    /** Further channels that may write one file together with the first; none if that does not work or does not pay. */
    public List<ParallelChannel> parallelChannels() {
        return parallel ? parallelChannels : List.of();
    }

    /** A channel that is opened on first use and stays open. Thread-safe. */
    public final class ParallelChannel {

        private @Nullable SftpChannel opened;

        public synchronized SftpChannel open() throws IOException {
            SftpChannel current = opened;
            if (current == null) {
                current = SftpChannel.open(client, progressSignal, traffic, answerMillis());
                opened = current;
            }
            return current;
        }

        /** Uses one channel from now on: the server grants no more channels, or opens the file only once. */
        public void giveUp(Exception e) {
            parallel = false;
            log.debug("{} does not take a file over several channels", endpoint.server(), ServerTexts.cleaned(e));
        }
    }
}
