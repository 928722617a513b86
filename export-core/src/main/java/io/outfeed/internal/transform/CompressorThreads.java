package io.outfeed.internal.transform;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of an engine that compress files beside the threads of the runs. They are started when one is needed, and
 * end when they have been idle for a while, or the engine is closed. Thread-safe.
 */
public final class CompressorThreads implements AutoCloseable {

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final int most;
    private final ThreadPoolExecutor pool;

    /**
     * Starts no thread yet.
     *
     * @param most how many there may be at a time; 0 for none
     */
    public CompressorThreads(int most) {
        this.most = most;
        this.pool = new ThreadPoolExecutor(
                0,
                Math.max(1, most),
                IDLE.toNanos(),
                TimeUnit.NANOSECONDS,
                new SynchronousQueue<>(),
                CompressorThreads::thread);
    }

    /** Returns how many there are by default: with one processor none, since a second thread would only wait for it. */
    public static int usual() {
        return Runtime.getRuntime().availableProcessors() - 1;
    }

    /** Nothing of the host's threads is inherited: a compressor serves many runs. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "outfeed-compressor", 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Whether there can be any. */
    boolean any() {
        return most > 0;
    }

    /** Starts a task at once, which must not throw; returns false if no thread is free and none can be made. */
    boolean start(Runnable task) {
        try {
            pool.execute(task);
            return true;
        } catch (RejectedExecutionException e) { // all are busy, or the engine is closed
            return false;
        } catch (OutOfMemoryError e) { // the system gives no more threads to the process
            return false;
        }
    }

    /** Lets the threads end, each after what it is compressing. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
