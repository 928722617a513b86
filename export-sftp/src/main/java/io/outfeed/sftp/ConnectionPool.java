package io.outfeed.sftp;

import io.outfeed.error.DeliveryException;
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
import java.util.concurrent.atomic.AtomicReference;
import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this JVM. Each is lent to one session at a time, and stays open for a while afterwards, for the next
 * session with the very same login; a server gets a bounded number at once. Thread-safe.
 */
final class ConnectionPool {

    static final ConnectionPool SHARED = new ConnectionPool();

    private static final Logger log = LoggerFactory.getLogger(ConnectionPool.class);

    /** By host and port: the threads that have a connection. */
    private final Map<String, List<Thread>> borrowers = new HashMap<>();

    /** The one that was used last comes first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private record Idle(SftpSettings endpoint, SftpConnection connection, long until) {}

    /**
     * Gives a connection: one that is open and answers, or a new one. Waits while the server has as many as it may.
     *
     * @return the connection, to be given back by the same thread
     */
    SftpConnection borrow(SftpSettings settings, AtomicReference<@Nullable KeyType> lastType) {
        enter(settings);
        boolean lent = false;
        try {
            SftpConnection connection = open(settings, lastType);
            lent = true;
            return connection;
        } finally {
            if (!lent) {
                leave(settings, Thread.currentThread());
            }
        }
    }

    private SftpConnection open(SftpSettings settings, AtomicReference<@Nullable KeyType> lastType) {
        for (SftpConnection kept = take(settings); kept != null; kept = take(settings)) {
            kept.lend(settings);
            if (kept.answers()) {
                return kept;
            }
            log.debug("A connection to {} is gone, opening another (delivery={})", settings.server(), settings.id());
            kept.close();
        }
        SftpConnection opened = SftpConnection.open(settings, lastType);
        opened.lend(settings);
        return opened;
    }

    /** Takes a connection back. */
    void giveBack(SftpSettings settings, SftpConnection connection, Thread borrower) {
        Duration keep = settings.options().keepIdle();
        try {
            if (keep.isZero() || connection.broken() || Thread.currentThread().isInterrupted()) {
                connection.close();
            } else {
                synchronized (this) {
                    idle.addFirst(new Idle(settings.endpoint(), connection, System.nanoTime() + keep.toNanos()));
                }
                Watchdog.after(keep, this::closeIdle);
            }
        } finally {
            leave(settings, borrower);
        }
    }

    private synchronized @Nullable SftpConnection take(SftpSettings settings) {
        SftpSettings endpoint = settings.endpoint();
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
        List<SftpConnection> over = new ArrayList<>();
        synchronized (this) {
            long now = System.nanoTime();
            idle.removeIf(candidate -> candidate.until() - now <= 0 && over.add(candidate.connection()));
        }
        for (SftpConnection connection : over) {
            Thread closing = new Thread(connection::close, "outfeed-sftp-close"); // a goodbye may take seconds
            closing.setDaemon(true);
            closing.start();
        }
    }

    // ---- the bound

    private synchronized void enter(SftpSettings settings) {
        Thread thread = Thread.currentThread();
        List<Thread> having = borrowers.computeIfAbsent(server(settings), key -> new ArrayList<>());
        long deadline = System.nanoTime() + settings.options().deliveryTimeout().toNanos();
        boolean said = false;
        // one that has a connection is not kept waiting: two such would wait for each other
        while (having.size() >= settings.options().connections() && !having.contains(thread)) {
            if (!said) {
                said = true;
                log.info(
                        "Waiting for one of {} connections to {} (delivery={})",
                        having.size(),
                        settings.server(),
                        settings.id());
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw waited(
                        settings,
                        "all " + having.size() + " connections to " + settings.server()
                                + " stayed in use for "
                                + SftpConnection.text(settings.options().deliveryTimeout())
                                + ": allow more connections, or spread the schedules",
                        null);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                thread.interrupt();
                throw waited(settings, "it was interrupted to wait for a connection to " + settings.server(), e);
            }
        }
        having.add(thread);
    }

    private static DeliveryException waited(SftpSettings settings, String message, @Nullable Exception cause) {
        return DeliveryException.retryable(settings.id(), message + SftpConnection.where(settings), cause);
    }

    private synchronized void leave(SftpSettings settings, Thread borrower) {
        List<Thread> having = borrowers.get(server(settings));
        if (having != null) {
            having.remove(borrower);
            // an empty list stays: somebody may wait with it in hand
        }
        notifyAll();
    }

    private static String server(SftpSettings settings) {
        return settings.server().toLowerCase(Locale.ROOT);
    }
}
