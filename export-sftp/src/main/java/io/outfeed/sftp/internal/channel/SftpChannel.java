package io.outfeed.sftp.internal.channel;

import java.io.IOException;
import java.net.InetSocketAddress;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.SessionFactory;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;

/** SFTP on one channel of a connection. */
public final class SftpChannel extends SFTPEngine {

    private SftpChannel(SessionFactory sessions) throws SSHException {
        super(sessions);
    }

    /** Opens a channel and starts SFTP on it. */
    public static SftpChannel open(SSHClient client, ProgressSignal progress, Traffic traffic, int timeoutMillis)
            throws IOException {
        SftpChannel opened = new SftpChannel(new Sessions(client, progress, traffic));
        opened.setTimeoutMs(timeoutMillis);
        opened.init();
        return opened;
    }

    public DataChannel data() {
        return (DataChannel) sub;
    }

    /** Whether the name of one of the server's extensions starts so, or its data contains it. */
    public boolean mentionsExtension(String name) {
        return serverExtensions.entrySet().stream()
                .anyMatch(offered ->
                        offered.getKey().startsWith(name) || offered.getValue().contains(name));
    }

    /** Returns the id for a write that is sent without {@link #request}. */
    public long nextWriteId() {
        return newRequest(PacketType.WRITE).getRequestID();
    }

    /** Returns the server's future answer to such a write. */
    public Promise<Response, SFTPException> answerTo(long requestId) {
        return reader.expectResponseTo(requestId);
    }

    private record Sessions(SSHClient client, ProgressSignal progress, Traffic traffic) implements SessionFactory {

        @Override
        public Session startSession() throws SSHException {
            DataChannel channel = new DataChannel(client.getConnection(), progress, traffic);
            channel.open();
            return channel;
        }

        @Override
        public InetSocketAddress getRemoteSocketAddress() {
            return client.getRemoteSocketAddress();
        }
    }
}
