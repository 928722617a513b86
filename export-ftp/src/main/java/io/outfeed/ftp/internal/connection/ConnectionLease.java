package io.outfeed.ftp.internal.connection;

import io.outfeed.error.DeliveryException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A connection that is lent to one session. Closing it gives the connection back. */
public final class ConnectionLease implements AutoCloseable {

    private final Return giveBack;
    private final LeaseSettings settings;
    private final FtpConnection connection;
    private final Thread borrower = Thread.currentThread();
    private final AtomicBoolean returned = new AtomicBoolean();

    /** What becomes of a lent connection. */
    @FunctionalInterface
    interface Return {
        void giveBack(LeaseSettings settings, FtpConnection connection, Thread borrower);
    }

    ConnectionLease(Return giveBack, LeaseSettings settings, FtpConnection connection) {
        this.giveBack = giveBack;
        this.settings = settings;
        this.connection = connection;
    }

    public FtpConnection connection() {
        return connection;
    }

    /** A request broke the connection, or timed out; {@code context} ends the message. */
    public DeliveryException failure(String action, String context, IOException e) {
        return new ConnectionErrors(settings.delivery(), settings.endpoint())
                .operation(action, context, connection.watchdog(), settings.deliveryTimeout(), e);
    }

    /** May be called again, and by another thread than the borrower's. */
    @Override
    public void close() {
        if (!returned.getAndSet(true)) {
            giveBack.giveBack(settings, connection, borrower);
        }
    }
}
