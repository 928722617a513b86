package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.DeliveryResources;
import io.outfeed.sftp.internal.connection.ConnectionLease;
import io.outfeed.sftp.internal.connection.ConnectionPool;
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
        ConnectionPool pool = shared.get(ConnectionPool.class, ConnectionPool::new);
        return session(pool.borrow(settings.lease(), hint));
    }

    /** Connects, logs in, and finds the directory; closing the session closes the connection. */
    public SftpSession openUnshared() {
        CipherWarmUp.start();
        return session(ConnectionPool.borrowUnshared(settings.lease(), hint));
    }

    private SftpSession session(ConnectionLease lease) {
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

    private RemoteDirectory directory(ConnectionLease lease) {
        RemoteFiles files = new RemoteFiles(lease.connection());
        try {
            return RemoteDirectory.resolve(settings.directory(), settings.temporaryNames(), files::realPath);
        } catch (IOException e) {
            throw lease.failure("find the directory " + settings.directory(), " (delivery=" + settings.id() + ")", e);
        }
    }
}
