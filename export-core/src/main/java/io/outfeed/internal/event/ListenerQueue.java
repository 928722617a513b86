package io.outfeed.internal.event;

import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener has yet to be told: in order, by one thread at a time, and never more than a bound. Thread-safe.
 */
final class ListenerQueue {

    private static final Logger log = LoggerFactory.getLogger(ListenerQueue.class);

    static final int MOST = 1_000;

    private final ExportListener listener;
    private final Executor executor;

    /** Guarded by this, as all below. */
    private final Queue<ExportEvent> waiting = new ArrayDeque<>();

    private long missed;
    private boolean telling;
    private boolean closed;

    ListenerQueue(ExportListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void add(ExportEvent event) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (waiting.size() == MOST) {
                if (missed++ == 0) {
                    log.warn("Listener {} is too slow: {} events wait for it, it misses others", name(), MOST);
                }
                return;
            }
            waiting.add(event);
            if (telling) {
                return;
            }
            telling = true;
        }
        try {
            executor.execute(this::tellAll);
        } catch (RejectedExecutionException e) {
            log.warn("Listener {} is told nothing: its executor takes no work ({})", name(), e.getMessage());
            drop();
        }
    }

    private void tellAll() {
        for (ExportEvent event = next(); event != null; event = next()) {
            tell(event);
        }
    }

    private synchronized @Nullable ExportEvent next() {
        ExportEvent event = waiting.poll();
        if (missed > 0 && waiting.size() < MOST / 2) {
            log.warn("Listener {} has missed {} events", name(), missed);
            missed = 0;
        }
        if (event == null) {
            telling = false;
            notifyAll();
        }
        return event;
    }

    private void tell(ExportEvent event) {
        LogContext.of(event).run(() -> {
            try {
                listener.onEvent(event);
            } catch (Throwable e) { // an Error too: it is not the engine's
                log.warn("Listener {} failed at: {}; nothing else is affected", name(), event, e);
            }
        });
    }

    private synchronized void drop() {
        waiting.clear();
        telling = false;
        notifyAll();
    }

    /** Takes no event any more, and waits for those that were taken, until a time of {@link System#nanoTime}. */
    synchronized void close(long end) {
        closed = true;
        boolean interrupted = false;
        long left = end - System.nanoTime();
        while (telling && left > 0 && !interrupted) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = end - System.nanoTime();
        }
        if (telling) {
            log.warn("Listener {} is not told {} events, since the engine is closed", name(), waiting.size());
            waiting.clear();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String name() {
        return listener.getClass().getName();
    }
}
