package io.outfeed.internal.io;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/** Tells failures that an interrupt of the thread has caused from others. */
public final class Interrupts {

    /** An exception may make a new cause each time. */
    private static final int MAX_DEPTH = 20;

    private Interrupts() {}

    /** Whether an interrupt is the reason of an exception, or of one that led to it. */
    public static boolean isCause(Throwable thrown) {
        @Nullable Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            boolean timeout = cause instanceof SocketTimeoutException;
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause instanceof FileLockInterruptionException
                    || (cause instanceof InterruptedIOException && !timeout)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
