package io.outfeed.internal.event;

import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events that wait for one listener: a bounded queue, delivered in order by one thread at a time. Thread-safe. */
final class ListenerQueue {

    private static final Logger log = LoggerFactory.getLogger(ListenerQueue.class);

    static final int CAPACITY = 1_000;

    private final ExportListener listener;
    private final Executor executor;

    /** Guarded by this, as all below. */
    private final Queue<ExportEvent> waiting = new ArrayDeque<>();

    private long discarded;
    private boolean delivering;
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
            if (waiting.size() == CAPACITY) {
                if (discarded++ == 0) {
                    log.warn(
                            "Listener {} is too slow: {} events wait for it, further ones are discarded",
                            name(),
                            CAPACITY);
                }
                return;
            }
            waiting.add(event);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        try {
            executor.execute(this::deliverAll);
        } catch (RejectedExecutionException e) {
            log.warn(
                    "Listener {} gets no events: its executor rejects them ({})",
                    name(),
                    e.getClass().getName());
            discardAll();
        }
    }

    private void deliverAll() {
        boolean interrupted = false;
        for (ExportEvent event = poll(); event != null; event = poll()) {
            deliver(event);
            interrupted |= Thread.interrupted(); // it is not for the next event
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable ExportEvent poll() {
        ExportEvent event = waiting.poll();
        if (discarded > 0 && waiting.size() < CAPACITY / 2) {
            log.warn("Listener {} has missed {} events", name(), discarded);
            discarded = 0;
        }
        if (event == null) {
            delivering = false;
            notifyAll();
        }
        return event;
    }

    private void deliver(ExportEvent event) {
        LogContext.of(event).run(() -> {
            try {
                listener.onEvent(event);
            } catch (Throwable e) { // an Error too: it is the listener's, not the engine's
                HostCalls.restoreInterrupt(e);
                log.warn("Listener {} failed at: {}; nothing else is affected", name(), event, Redacted.of(e));
            }
        });
    }

    private synchronized void discardAll() {
        waiting.clear();
        delivering = false;
        notifyAll();
    }

    /** Rejects further events, and waits for the queued ones until a time of {@link System#nanoTime}. */
    synchronized void close(long end) {
        closed = true;
        boolean interrupted = false;
        long left = end - System.nanoTime();
        while (delivering && left > 0 && !interrupted) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = end - System.nanoTime();
        }
        if (delivering) {
            log.warn("Listener {} does not get {} events, since the engine is closed", name(), waiting.size());
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
