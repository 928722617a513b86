package io.outfeed.ftp.internal.transfer;

import io.outfeed.delivery.DeliveryResources;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.ftp.internal.connection.Connector;
import io.outfeed.ftp.internal.connection.Endpoint;
import io.outfeed.ftp.internal.connection.FtpConnection;
import io.outfeed.ftp.internal.connection.FtpConnectionPool;
import io.outfeed.ftp.internal.path.RemoteDirectory;
import io.outfeed.ftp.internal.tls.TlsVersionHint;
import io.outfeed.internal.connection.ConnectionLease;
import io.outfeed.internal.connection.LeftoverFiles;
import io.outfeed.internal.connection.ServerConnectionPool;
import io.outfeed.internal.connection.Watchdogs;

/** Opens the sessions of one delivery, and keeps what later sessions need to know of earlier ones. Thread-safe. */
public final class FtpSessions {

    private final TransferSettings settings;
    private final TlsVersionHint hint = new TlsVersionHint();
    private final LeftoverFiles leftovers = new LeftoverFiles();

    public FtpSessions(TransferSettings settings) {
        this.settings = settings;
    }

    /** Connects and logs in, or reuses an idle connection of the engine, and finds the directory. */
    public FtpSession open(DeliveryResources shared) {
        FtpConnectionPool pool = shared.get(FtpConnectionPool.class, FtpConnectionPool::new);
        return session(pool.borrow(settings.lease(), this::connect));
    }

    /** Connects, logs in, and finds the directory; closing the session closes the connection. */
    public FtpSession openUnshared() {
        return session(ServerConnectionPool.borrowUnshared(settings.lease(), FtpConnectionPool::new, this::connect));
    }

    private FtpConnection connect(Watchdogs watchdogs) {
        return new Connector(settings.id(), settings.lease().endpoint(), hint, watchdogs).open();
    }

    private FtpSession session(ConnectionLease<Endpoint, FtpConnection> lease) {
        boolean opened = false;
        try {
            FtpSession session = new FtpSession(settings, lease, directory(lease), leftovers);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                lease.close();
            }
        }
    }

    private RemoteDirectory directory(ConnectionLease<Endpoint, FtpConnection> lease) {
        return RemoteDirectory.resolve(
                        settings.directory(),
                        settings.temporaryNames(),
                        lease.connection().home())
                .orElseThrow(() -> DeliveryException.of(
                        FailureCode.DESTINATION_REFUSED,
                        settings.id(),
                        settings.server() + " does not say where the home of user '" + settings.user()
                                + "' is: set a directory that begins with a slash instead of "
                                + settings.directory() + " (delivery=" + settings.id() + ")",
                        null));
    }
}
