package io.outfeed.internal.failure;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import java.util.concurrent.Callable;

/**
 * Calls code of the host and the modules. What it throws is wrapped once, without a message that may quote a record or
 * a secret; interrupts are kept, and only errors of the JVM pass.
 */
public final class HostCalls {

    /** An exception may make a new cause each time. */
    private static final int MAX_DEPTH = 20;

    private HostCalls() {}

    public static <R> R callSource(String failure, String at, Callable<R> call) {
        try {
            return call.call();
        } catch (ExportException e) {
            throw e;
        } catch (Throwable e) {
            Throwable cause = redact(e);
            String message = failure + ": nothing was published, the next run covers its window" + at;
            throw e instanceof Error
                    ? SourceException.of(FailureCode.UNEXPECTED, message, cause)
                    : SourceException.retryable(message, cause);
        }
    }

    public static <R> R callDelivery(String id, String failure, Callable<R> call) {
        try {
            return call.call();
        } catch (ExportException e) {
            throw e;
        } catch (Throwable e) {
            Throwable cause = redact(e);
            throw e instanceof Error
                    ? DeliveryException.of(FailureCode.UNEXPECTED, id, failure, cause)
                    : DeliveryException.retryable(id, failure, cause);
        }
    }

    /** Closes a resource after a failure; a failure to close it is suppressed. */
    public static void closeAfter(Throwable failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (ExportException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        } catch (Throwable e) {
            Throwable closing = redact(e);
            if (e != failure) {
                failure.addSuppressed(closing);
            }
        }
    }

    /** Closes a resource after a failure, and returns the failure. */
    public static <E extends Throwable> E closing(E failure, AutoCloseable resource) {
        closeAfter(failure, resource);
        return failure;
    }

    /**
     * Returns a copy of what code of the host has thrown, to log it or to throw it as a cause. The interrupt of a
     * thread stays set.
     *
     * @throws VirtualMachineError if it is one: the engine can't go on as if a record or a server had failed
     */
    public static Throwable redact(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
        restoreInterrupt(thrown);
        return Redacted.unlessHarmless(thrown);
    }

    public static void restoreInterrupt(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            cause = cause.getCause();
        }
    }
}
