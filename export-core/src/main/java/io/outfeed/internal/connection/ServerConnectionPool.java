package io.outfeed.internal.connection;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of an engine. Each is lent to one session at a time, and then stays open for a while for the next
 * session with an equal endpoint. The number of connections to a server is limited. Closing the pool closes all of
 * them, and ends its threads. Thread-safe.
 *
 * <p>Each protocol has a class of its own, by which an engine finds its pool.
 *
 * @param <E> the endpoints; connections to equal ones are interchangeable
 * @param <C> the connections
 */
public abstract class ServerConnectionPool<E extends ServerEndpoint, C extends PooledConnection>
        implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServerConnectionPool.class);

    /** By host and port: the threads that hold a connection. */
    private final Map<String, List<Thread>> borrowers = new HashMap<>();

    /** The most recently used first. */
    private final Deque<Idle<E, C>> idle = new ArrayDeque<>();

    private final String protocol;
    private final Watchdogs watchdogs;
    private boolean closed;

    private record Idle<E, C>(E endpoint, C connection, long until) {}

    /** @param protocol names the threads */
    protected ServerConnectionPool(String protocol) {
        this.protocol = protocol;
        this.watchdogs = new Watchdogs(protocol);
    }

    /**
     * Lends a connection: an idle one that still answers, or a new one. Waits while the server has as many as it may.
     *
     * @param opener opens a new connection; its watchdog is one of the given ones
     * @return the lease, which counts for the calling thread until it is closed
     */
    public ConnectionLease<E, C> borrow(LeaseSettings<E> settings, Function<Watchdogs, C> opener) {
        acquirePermit(settings);
        boolean lent = false;
        try {
            ConnectionLease<E, C> lease = new ConnectionLease<>(this::giveBack, settings, open(settings, opener));
            lent = true;
            return lease;
        } finally {
            if (!lent) {
                releasePermit(settings, Thread.currentThread());
            }
        }
    }

    /**
     * Lends a connection that nothing shares: it is closed with its lease, and leaves no thread.
     *
     * @param newPool makes a pool for it
     * @param opener opens the connection
     */
    public static <E extends ServerEndpoint, C extends PooledConnection> ConnectionLease<E, C> borrowUnshared(
            LeaseSettings<E> settings,
            Supplier<? extends ServerConnectionPool<E, C>> newPool,
            Function<Watchdogs, C> opener) {
        ServerConnectionPool<E, C> pool = newPool.get();
        boolean lent = false;
        try {
            ConnectionLease<E, C> lease = new ConnectionLease<>(
                    (own, connection, borrower) -> {
                        connection.close();
                        pool.close();
                    },
                    settings,
                    pool.open(settings, opener));
            lent = true;
            return lease;
        } finally {
            if (!lent) {
                pool.close();
            }
        }
    }

    private C open(LeaseSettings<E> settings, Function<Watchdogs, C> opener) {
        E endpoint = settings.endpoint();
        for (C kept = takeIdle(endpoint); kept != null; kept = takeIdle(endpoint)) {
            kept.watchdog().limitTotal(settings.deliveryTimeout());
            if (kept.answers()) {
                return kept;
            }
            log.debug(
                    "An idle connection to {} is broken, opening another (delivery={})",
                    settings.endpoint().server(),
                    settings.delivery());
            kept.close();
        }
        C opened = opener.apply(watchdogs);
        opened.watchdog().limitTotal(settings.deliveryTimeout());
        return opened;
    }

    /** Takes a lent connection back, and keeps or closes it. */
    private void giveBack(LeaseSettings<E> settings, C connection, Thread borrower) {
        Duration keep = settings.idleTimeout();
        try {
            boolean reusable = !keep.isZero()
                    && !connection.broken()
                    && !Thread.currentThread().isInterrupted();
            if (!reusable || !keep(new Idle<>(settings.endpoint(), connection, System.nanoTime() + keep.toNanos()))) {
                connection.close();
            } else {
                watchdogs.schedule(keep, this::closeExpired);
            }
        } finally {
            releasePermit(settings, borrower);
        }
    }

    private synchronized boolean keep(Idle<E, C> connection) {
        if (!closed) {
            idle.addFirst(connection);
        }
        return !closed;
    }

    private synchronized @Nullable C takeIdle(E endpoint) {
        for (Iterator<Idle<E, C>> each = idle.iterator(); each.hasNext(); ) {
            Idle<E, C> candidate = each.next();
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
    private List<Thread> closeIdle(Predicate<Idle<E, C>> condition) {
        List<Thread> closing = new ArrayList<>();
        synchronized (this) {
            idle.removeIf(candidate -> condition.test(candidate)
                    && closing.add(new Thread(candidate.connection()::close, "outfeed-" + protocol + "-close")));
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

    private synchronized void acquirePermit(LeaseSettings<E> settings) {
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
                throw failure(
                        settings,
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
                throw failure(
                        settings,
                        FailureCode.STOPPED,
                        "it was interrupted to wait for a connection to "
                                + settings.endpoint().server(),
                        e);
            }
        }
        if (closed) {
            throw failure(
                    settings,
                    FailureCode.STOPPED,
                    "the engine was closed before it connected to "
                            + settings.endpoint().server(),
                    null);
        }
        holders.add(thread);
    }

    private static DeliveryException failure(
            LeaseSettings<?> settings, FailureCode code, String message, @Nullable Throwable cause) {
        return DeliveryException.of(
                code, settings.delivery(), message + " (delivery=" + settings.delivery() + ")", cause);
    }

    private synchronized void releasePermit(LeaseSettings<E> settings, Thread borrower) {
        List<Thread> holders = borrowers.get(key(settings));
        if (holders != null) {
            holders.remove(borrower); // an empty list stays: a waiting thread may hold a reference to it
        }
        notifyAll();
    }

    private static String key(LeaseSettings<?> settings) {
        return settings.endpoint().server().toLowerCase(Locale.ROOT);
    }
}
