package io.outfeed.internal.failure;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.SourceException;
import java.util.concurrent.Callable;

/** Calls code of the host and the modules: wraps exceptions once, passes errors, and restores interrupts. */
public final class HostCalls {

    private HostCalls() {}

    public static <R> R callSource(String failure, String at, Callable<R> call) {
        try {
            return call.call();
        } catch (ExportException e) {
            throw e;
        } catch (Exception e) {
            restoreInterrupt(e);
            throw SourceException.retryable(
                    failure + ": nothing was published, the next run covers its window" + at, e);
        }
    }

    public static <R> R callDelivery(String id, String failure, Callable<R> call) {
        try {
            return call.call();
        } catch (ExportException e) {
            throw e;
        } catch (Exception e) {
            restoreInterrupt(e);
            throw DeliveryException.retryable(id, failure, e);
        }
    }

    /** Closes a resource after a failure; a failure to close it is suppressed. */
    public static void closeAfter(Throwable failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            restoreInterrupt(e);
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    public static void restoreInterrupt(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
