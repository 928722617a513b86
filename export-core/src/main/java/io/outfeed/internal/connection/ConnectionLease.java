package io.outfeed.internal.connection;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that is lent to one session. Closing it gives the connection back.
 *
 * @param <E> the endpoints
 * @param <C> the connections
 */
public final class ConnectionLease<E extends ServerEndpoint, C extends PooledConnection> implements AutoCloseable {

    private final Return<E, C> giveBack;
    private final LeaseSettings<E> settings;
    private final C connection;
    private final Thread borrower = Thread.currentThread();
    private final AtomicBoolean returned = new AtomicBoolean();

    /** What becomes of a lent connection. */
    @FunctionalInterface
    interface Return<E extends ServerEndpoint, C> {
        void giveBack(LeaseSettings<E> settings, C connection, Thread borrower);
    }

    ConnectionLease(Return<E, C> giveBack, LeaseSettings<E> settings, C connection) {
        this.giveBack = giveBack;
        this.settings = settings;
        this.connection = connection;
    }

    public LeaseSettings<E> settings() {
        return settings;
    }

    public C connection() {
        return connection;
    }

    /** May be called again, and by another thread than the borrower's. */
    @Override
    public void close() {
        if (!returned.getAndSet(true)) {
            giveBack.giveBack(settings, connection, borrower);
        }
    }
}
