package io.outfeed.sftp.internal.transfer;

import io.outfeed.delivery.DeliveryResources;
import io.outfeed.sftp.internal.connection.ConnectionPool;
import io.outfeed.sftp.internal.crypto.CipherWarmUp;
import io.outfeed.sftp.internal.trust.HostKeyTypeHint;

/** Opens the sessions of one delivery, and keeps what later sessions need to know of earlier ones. Thread-safe. */
public final class SftpSessions {

    private final TransferSettings settings;
    private final HostKeyTypeHint hint = new HostKeyTypeHint();
    private final LeftoverFiles leftovers = new LeftoverFiles();

    public SftpSessions(TransferSettings settings) {
        this.settings = settings;
    }

    /** Connects and logs in, or reuses an idle connection of the engine. */
    public SftpSession open(DeliveryResources shared) {
        CipherWarmUp.start();
        ConnectionPool pool = shared.get(ConnectionPool.class, ConnectionPool::new);
        return new SftpSession(settings, pool.borrow(settings.lease(), hint), leftovers);
    }

    /** Connects and logs in; closing the session closes the connection. */
    public SftpSession openUnshared() {
        CipherWarmUp.start();
        return new SftpSession(settings, ConnectionPool.borrowUnshared(settings.lease(), hint), leftovers);
    }
}
