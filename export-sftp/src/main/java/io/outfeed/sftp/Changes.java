package io.outfeed.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Wakes the thread that sends when room appears on a channel, or a channel ends. Thread-safe. */
final class Changes {

    private long count;

    /** Something has changed. */
    synchronized void happened() {
        count++;
        notifyAll();
    }

    /** What is to be read before the look at what may change. */
    synchronized long count() {
        return count;
    }

    /** Waits until something has changed since. Returns false if nothing did within the limit. */
    synchronized boolean await(long since, long millis) throws IOException {
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
