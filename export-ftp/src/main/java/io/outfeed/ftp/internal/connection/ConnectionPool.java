package io.outfeed.ftp.internal.connection;

import io.outfeed.error.FailureCode;
import io.outfeed.ftp.internal.socket.TimeoutText;
import io.outfeed.ftp.internal.socket.Watchdogs;
import io.outfeed.ftp.internal.tls.TlsVersionHint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of an engine. Each is lent to one session at a time, and then stays open for a while for the next
 * session with an equal endpoint. The number of connections to a server is limited. Closing the pool closes all of
 * them, and ends its threads. Thread-safe.
 */
public final class ConnectionPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);

    /** By host and port: the threads that hold a connection. */
    private final Map<String, List<Thread>> borrowers = new HashMap<>();

    /** The most recently used first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private final Watchdogs watchdogs = new Watchdogs();
    private boolean closed;

    private record Idle(Endpoint endpoint, FtpConnection connection, long until) {}

    /**
     * Lends a connection: an idle one that still answers, or a new one. Waits while the server has as many as it may.
     *
     * @param hint is used and updated if a new connection is opened
     * @return the lease, which counts for the calling thread until it is closed
     */
    public ConnectionLease borrow(LeaseSettings settings, TlsVersionHint hint) {
        acquirePermit(settings);
        boolean lent = false;
        try {
            ConnectionLease lease = new ConnectionLease(this::giveBack, settings, open(settings, hint));
            lent = true;
            return lease;
        } finally {
            if (!lent) {
                releasePermit(settings, Thread.currentThread());
            }
        }
    }

    /** Lends a connection that nothing shares: it is closed with its lease, and leaves no thread. */
    public static ConnectionLease borrowUnshared(LeaseSettings settings, TlsVersionHint hint) {
        ConnectionPool pool = new ConnectionPool();
        boolean lent = false;
        try {
            ConnectionLease lease = new ConnectionLease(
                    (own, connection, borrower) -> {
                        connection.close();
                        pool.close();
                    },
                    settings,
                    pool.open(settings, hint));
            lent = true;
            return lease;
        } finally {
            if (!lent) {
                pool.close();
            }
        }
    }

    private FtpConnection open(LeaseSettings settings, TlsVersionHint hint) {
        Endpoint endpoint = settings.endpoint();
        for (FtpConnection kept = takeIdle(endpoint); kept != null; kept = takeIdle(endpoint)) {
            kept.watchdog().limitTotal(settings.deliveryTimeout());
            if (kept.answers()) {
                return kept;
            }
            log.debug(
                    "An idle connection to {} is broken, opening another (delivery={})",
                    endpoint.server(),
                    settings.delivery());
            kept.close();
        }
        FtpConnection opened = new Connector(settings.delivery(), endpoint, hint, watchdogs).open();
        opened.watchdog().limitTotal(settings.deliveryTimeout());
        return opened;
    }

    /** Takes a lent connection back, and keeps or closes it. */
    private void giveBack(LeaseSettings settings, FtpConnection connection, Thread borrower) {
        Duration keep = settings.idleTimeout();
        try {
            boolean reusable = !keep.isZero()
                    && !connection.broken()
                    && !Thread.currentThread().isInterrupted();
            if (!reusable || !keep(new Idle(settings.endpoint(), connection, System.nanoTime() + keep.toNanos()))) {
                connection.close();
            } else {
                watchdogs.schedule(keep, this::closeExpired);
            }
        } finally {
            releasePermit(settings, borrower);
        }
    }

    private synchronized boolean keep(Idle connection) {
        if (!closed) {
            idle.addFirst(connection);
        }
        return !closed;
    }

    private synchronized @Nullable FtpConnection takeIdle(Endpoint endpoint) {
        for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
            Idle candidate = each.next();
            if (candidate.endpoint().equals(endpoint)) {
                each.remove();
                return candidate.connection();
            }
        }
        return null;
    }

    private void closeExpired() {
        long now = System.nanoTime();
        closeIdle(candidate -> candidate.until() - now <= 0);
    }

    /** Closes idle connections, all at once: disconnecting from a server that does not answer takes seconds. */
    private List<Thread> closeIdle(Predicate<Idle> condition) {
        List<Thread> closing = new ArrayList<>();
        synchronized (this) {
            idle.removeIf(candidate -> condition.test(candidate)
                    && closing.add(new Thread(candidate.connection()::close, "outfeed-ftp-close")));
        }
        closing.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        return closing;
    }

    /** Closes all connections, those that are lent too: what still waits for a server fails. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            for (Thread closing : closeIdle(all -> true)) {
                closing.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watchdogs.close();
        }
    }

    // ---- the limit per server

    private synchronized void acquirePermit(LeaseSettings settings) {
        Thread thread = Thread.currentThread();
        List<Thread> holders = borrowers.computeIfAbsent(key(settings), key -> new ArrayList<>());
        long deadline = System.nanoTime() + settings.deliveryTimeout().toNanos();
        boolean logged = false;
        // a thread that holds a connection does not wait: two such threads would wait for each other
        while (!closed && holders.size() >= settings.connections() && !holders.contains(thread)) {
            if (!logged) {
                logged = true;
                log.info(
                        "Waiting for one of {} connections to {} (delivery={})",
                        holders.size(),
                        settings.endpoint().server(),
                        settings.delivery());
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw errors(settings)
                        .of(
                                FailureCode.DESTINATION_UNAVAILABLE,
                                "all " + holders.size() + " connections to "
                                        + settings.endpoint().server() + " stayed in use for "
                                        + TimeoutText.of(settings.deliveryTimeout())
                                        + ": allow more connections, or spread the schedules",
                                null);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                thread.interrupt();
                throw errors(settings)
                        .of(
                                FailureCode.STOPPED,
                                "it was interrupted to wait for a connection to "
                                        + settings.endpoint().server(),
                                e);
            }
        }
        if (closed) {
            throw errors(settings)
                    .of(
                            FailureCode.STOPPED,
                            "the engine was closed before it connected to "
                                    + settings.endpoint().server(),
                            null);
        }
        holders.add(thread);
    }

    private static ConnectionErrors errors(LeaseSettings settings) {
        return new ConnectionErrors(settings.delivery(), settings.endpoint());
    }

    private synchronized void releasePermit(LeaseSettings settings, Thread borrower) {
        List<Thread> holders = borrowers.get(key(settings));
        if (holders != null) {
            holders.remove(borrower); // an empty list stays: a waiting thread may hold a reference to it
        }
        notifyAll();
    }

    private static String key(LeaseSettings settings) {
        return settings.endpoint().server().toLowerCase(Locale.ROOT);
    }
}
