package io.outfeed.sftp.internal.connection;

import io.outfeed.error.FailureCode;
import io.outfeed.sftp.internal.socket.TimeoutText;
import io.outfeed.sftp.internal.socket.Watchdog;
import io.outfeed.sftp.internal.trust.HostKeyTypeHint;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this JVM. Each is lent to one session at a time, and then stays open for a while for the next
 * session with an equal endpoint. The number of connections to a server is limited. Thread-safe.
 */
public final class ConnectionPool {

    public static final ConnectionPool SHARED = new ConnectionPool();

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);

    /** By host and port: the threads that hold a connection. */
    private final Map<String, List<Thread>> borrowers = new HashMap<>();

    /** The most recently used first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private record Idle(Endpoint endpoint, SftpConnection connection, long until) {}

    /**
     * Lends a connection: an idle one that still answers, or a new one. Waits while the server has as many as it may.
     *
     * @param hint is used and updated if a new connection is opened
     * @return the lease, which counts for the calling thread until it is closed
     */
    public ConnectionLease borrow(LeaseSettings settings, HostKeyTypeHint hint) {
        acquirePermit(settings);
        boolean lent = false;
        try {
            ConnectionLease lease = new ConnectionLease(this, settings, open(settings, hint));
            lent = true;
            return lease;
        } finally {
            if (!lent) {
                releasePermit(settings, Thread.currentThread());
            }
        }
    }

    private SftpConnection open(LeaseSettings settings, HostKeyTypeHint hint) {
        Endpoint endpoint = settings.endpoint();
        for (SftpConnection kept = takeIdle(endpoint); kept != null; kept = takeIdle(endpoint)) {
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
        SftpConnection opened = new Connector(settings.delivery(), endpoint, hint).open();
        opened.watchdog().limitTotal(settings.deliveryTimeout());
        return opened;
    }

    /** Takes a lent connection back, and keeps or closes it. */
    void giveBack(LeaseSettings settings, SftpConnection connection, Thread borrower) {
        Duration keep = settings.idleTimeout();
        try {
            if (keep.isZero() || connection.broken() || Thread.currentThread().isInterrupted()) {
                connection.close();
            } else {
                synchronized (this) {
                    idle.addFirst(new Idle(settings.endpoint(), connection, System.nanoTime() + keep.toNanos()));
                }
                Watchdog.schedule(keep, this::closeIdle);
            }
        } finally {
            releasePermit(settings, borrower);
        }
    }

    private synchronized @Nullable SftpConnection takeIdle(Endpoint endpoint) {
        for (Iterator<Idle> each = idle.iterator(); each.hasNext(); ) {
            Idle candidate = each.next();
            if (candidate.endpoint().equals(endpoint)) {
                each.remove();
                return candidate.connection();
            }
        }
        return null;
    }

    private void closeIdle() {
        List<SftpConnection> expired = new ArrayList<>();
        synchronized (this) {
            long now = System.nanoTime();
            idle.removeIf(candidate -> candidate.until() - now <= 0 && expired.add(candidate.connection()));
        }
        for (SftpConnection connection : expired) {
            Thread closing = new Thread(connection::close, "outfeed-sftp-close"); // disconnecting may take seconds
            closing.setDaemon(true);
            closing.start();
        }
    }

    // ---- the limit per server

    private synchronized void acquirePermit(LeaseSettings settings) {
        Thread thread = Thread.currentThread();
        List<Thread> holders = borrowers.computeIfAbsent(key(settings), key -> new ArrayList<>());
        long deadline = System.nanoTime() + settings.deliveryTimeout().toNanos();
        boolean logged = false;
        // a thread that holds a connection does not wait: two such threads would wait for each other
        while (holders.size() >= settings.connections() && !holders.contains(thread)) {
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
