package io.outfeed.sftp.internal.channel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Wakes the sending thread when a channel's window grows, or the channel ends. Thread-safe. */
public final class ProgressSignal {

    private long count;

    /** Wakes the waiting thread. */
    public synchronized void signal() {
        count++;
        notifyAll();
    }

    /** The number of signals so far, to be read before the state that they announce. */
    public synchronized long count() {
        return count;
    }

    /** Waits for a signal after that count. Returns false if none came within the limit. */
    public synchronized boolean await(long since, long millis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (count == since) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException().initCause(e);
        }
    }
}
