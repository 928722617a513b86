package io.outfeed.internal.delivery;

import io.outfeed.error.DeliveryException;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.run.Retries;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a destination, and retries retryable failures over a new connection. Used by one thread. */
final class RetryingCalls {

    private static final Logger log = LoggerFactory.getLogger(RetryingCalls.class);

    private final Retries retries;
    private final Destinations destinations;

    /** Counts the retries by delivery, since the last entry of the delivery in the run's log. */
    private final Map<String, Integer> repeated = new HashMap<>();

    RetryingCalls(Retries retries, Destinations destinations) {
        this.retries = retries;
        this.destinations = destinations;
    }

    /** A call that receives the number of its attempt, from 1. */
    interface Call<R> {
        R make(int tries) throws Exception;
    }

    <R> R call(ExportRun run, FileDelivery step, Call<R> call) {
        for (int tries = 1; ; tries++) {
            int number = tries;
            try {
                return HostCalls.callDelivery(
                        step.delivery(),
                        "delivery '" + step.delivery() + "' failed at the file " + step.path() + Context.of(run),
                        () -> call.make(number));
            } catch (DeliveryException e) {
                destinations.reset(step.delivery());
                if (!e.retryable() || !retries.awaitRetry(number)) {
                    throw e;
                }
                repeated.merge(step.delivery(), 1, Integer::sum);
                log.info("Try {} at delivery '{}' failed, trying again: {}", number, step.delivery(), e.getMessage());
            }
        }
    }

    /** Returns the number of tries since the previous call of this method, and resets it. */
    int takeTries(String delivery) {
        Integer more = repeated.remove(delivery);
        return more == null ? 1 : more + 1;
    }
}
