package io.outfeed.sftp;

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
final class SftpChannel extends SFTPEngine {

    private SftpChannel(SessionFactory sessions) throws SSHException {
        super(sessions);
    }

    /** Opens a channel and starts SFTP there. */
    static SftpChannel open(SSHClient client, Changes changes, int timeoutMillis) throws IOException {
        SftpChannel opened = new SftpChannel(new Sessions(client, changes));
        opened.setTimeoutMs(timeoutMillis);
        opened.init();
        return opened;
    }

    DataChannel data() {
        return (DataChannel) sub;
    }

    /** Whether one of the server's extensions is called so, or lists it. */
    boolean mentions(String extension) {
        return serverExtensions.entrySet().stream()
                .anyMatch(offered -> offered.getKey().startsWith(extension)
                        || offered.getValue().contains(extension));
    }

    /** Names a write that is sent without {@link #request}. */
    long nextWrite() {
        return newRequest(PacketType.WRITE).getRequestID();
    }

    /** What the server will answer to it. */
    Promise<Response, SFTPException> answerTo(long request) {
        return reader.expectResponseTo(request);
    }

    private record Sessions(SSHClient client, Changes changes) implements SessionFactory {

        @Override
        public Session startSession() throws SSHException {
            DataChannel channel = new DataChannel(client.getConnection(), changes);
            channel.open();
            return channel;
        }

        @Override
        public InetSocketAddress getRemoteSocketAddress() {
            return client.getRemoteSocketAddress();
        }
    }
}
