package io.outfeed.internal.scheduling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations on request that are in progress, on the threads of callers and on its own: a closing engine waits for
 * them, and then interrupts them. Thread-safe.
 */
public final class Requests implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private final Duration limit;
    private final ExecutorService pool = Executors.newCachedThreadPool(Requests::thread);

    // guarded by this
    private final List<Request> inProgress = new ArrayList<>();
    private boolean closed;

    /**
     * Makes an empty one.
     *
     * @param limit how long to wait for operations before and after they are interrupted
     */
    public Requests(Duration limit) {
        this.limit = limit;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "outfeed-request");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Registers an operation of the calling thread.
     *
     * @throws IllegalStateException if the engine is closed
     */
    synchronized Request begin(String job) {
        if (closed) {
            throw new IllegalStateException("the engine is closed: make a new one");
        }
        Request request = new Request(job, Thread.currentThread());
        inProgress.add(request);
        return request;
    }

    /** An operation in progress, until its end. */
    final class Request {

        private final String job;
        private Thread thread;

        private Request(String job, Thread thread) {
            this.job = job;
            this.thread = thread;
        }

        /** Continues on a thread of its own, and ends with the action. */
        void continueWith(Runnable action) {
            pool.execute(() -> {
                synchronized (Requests.this) {
                    thread = Thread.currentThread();
                }
                try {
                    action.run();
                } finally {
                    end();
                }
            });
        }

        void end() {
            synchronized (Requests.this) {
                inProgress.remove(this);
                Requests.this.notifyAll();
            }
        }
    }

    /** Takes no more operations. */
    public synchronized void stop() {
        closed = true;
    }

    /** Waits for the operations in progress, interrupts them after the limit, and waits as long again. */
    @Override
    public void close() {
        stop();
        try {
            synchronized (this) {
                if (!ended()) {
                    inProgress.forEach(request -> log.warn(
                            "An operation on job '{}' still runs after {}: interrupting it", request.job, limit));
                    inProgress.forEach(request -> request.thread.interrupt());
                    boolean unused = ended();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pool.shutdown();
        }
    }

    private synchronized boolean ended() throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!inProgress.isEmpty()) {
            long rest = end - System.nanoTime();
            if (rest <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(rest, TimeUnit.MILLISECONDS.toNanos(1)));
        }
        return true;
    }

    /** Returns the jobs of the operations in progress, by their threads. */
    public synchronized Map<Thread, String> inProgress() {
        Map<Thread, String> jobs = new HashMap<>();
        inProgress.forEach(request -> jobs.put(request.thread, request.job));
        return jobs;
    }
}
