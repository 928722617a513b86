package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.DeliveryResources;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.connection.LeftoverFiles;
import io.outfeed.internal.connection.ServerConnectionPool;
import io.outfeed.internal.connection.Watchdogs;
import io.outfeed.sftp.internal.connection.ConnectionErrors;
import io.outfeed.sftp.internal.connection.Connector;
import io.outfeed.sftp.internal.connection.Endpoint;
import io.outfeed.sftp.internal.connection.SftpConnection;
import io.outfeed.sftp.internal.connection.SftpConnectionPool;
import io.outfeed.sftp.internal.crypto.CipherWarmUp;
import io.outfeed.sftp.internal.path.RemoteDirectory;
import io.outfeed.sftp.internal.trust.HostKeyTypeHint;
import java.io.IOException;

/** Opens the sessions of one delivery, and keeps what later sessions need to know of earlier ones. Thread-safe. */
public final class SftpSessions {

    private final TransferSettings settings;
    private final HostKeyTypeHint hint = new HostKeyTypeHint();
    private final LeftoverFiles leftovers = new LeftoverFiles();

    public SftpSessions(TransferSettings settings) {
        this.settings = settings;
    }

    /** Connects and logs in, or reuses an idle connection of the engine, and finds the directory. */
    public SftpSession open(DeliveryResources shared) {
        CipherWarmUp.start();
        SftpConnectionPool pool = shared.get(SftpConnectionPool.class, SftpConnectionPool::new);
        return session(pool.borrow(settings.lease(), this::connect));
    }

    /** Connects, logs in, and finds the directory; closing the session closes the connection. */
    public SftpSession openUnshared() {
        CipherWarmUp.start();
        return session(ServerConnectionPool.borrowUnshared(settings.lease(), SftpConnectionPool::new, this::connect));
    }

    private SftpConnection connect(Watchdogs watchdogs) {
        return new Connector(settings.id(), settings.lease().endpoint(), hint, watchdogs).open();
    }

    private SftpSession session(ConnectionLease<Endpoint, SftpConnection> lease) {
        boolean opened = false;
        try {
            SftpSession session = new SftpSession(settings, lease, directory(lease), leftovers);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                lease.close();
            }
        }
    }

    private RemoteDirectory directory(ConnectionLease<Endpoint, SftpConnection> lease) {
        RemoteFiles files = new RemoteFiles(lease.connection());
        try {
            return RemoteDirectory.resolve(settings.directory(), settings.temporaryNames(), files::realPath);
        } catch (IOException e) {
            throw ConnectionErrors.failure(
                    lease, "find the directory " + settings.directory(), " (delivery=" + settings.id() + ")", e);
        }
    }
}
