package io.outfeed.internal.failure;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.SourceException;
import java.util.concurrent.Callable;

/** Calls into the host's and the modules' code: what they throw is wrapped once, errors pass, an interrupt is kept. */
public final class HostCalls {

    private HostCalls() {}

    public static <R> R source(String failure, String at, Callable<R> call) {
        try {
            return call.call();
        } catch (ExportException e) {
            throw e;
        } catch (Exception e) {
            keepInterrupt(e);
            throw SourceException.retryable(
                    failure + ": nothing was published, the next run covers its window" + at, e);
        }
    }

    public static <R> R delivery(String id, String failure, Callable<R> call) {
        try {
            return call.call();
        } catch (ExportException e) {
            throw e;
        } catch (Exception e) {
            keepInterrupt(e);
            throw DeliveryException.retryable(id, failure, e);
        }
    }

    /** Closes after a failure, which stays the one that is reported. */
    public static void closeAfter(Throwable failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            keepInterrupt(e);
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    public static void keepInterrupt(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
