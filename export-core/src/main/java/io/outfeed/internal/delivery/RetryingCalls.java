package io.outfeed.internal.delivery;

import io.outfeed.error.DeliveryException;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.run.Retries;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a destination, and again over a new connection where that may help. Used by one thread. */
final class RetryingCalls {

    private static final Logger log = LoggerFactory.getLogger(RetryingCalls.class);

    private final Retries retries;
    private final Destinations destinations;

    /** How many calls were repeated, by delivery, since its last line in the log of the run. */
    private final Map<String, Integer> repeated = new HashMap<>();

    RetryingCalls(Retries retries, Destinations destinations) {
        this.retries = retries;
        this.destinations = destinations;
    }

    /** A call that knows how many times it was made, this time included. */
    interface Call<R> {
        R make(int tries) throws Exception;
    }

    <R> R call(ExportRun run, FileDelivery step, Call<R> call) {
        for (int tries = 1; ; tries++) {
            int number = tries;
            try {
                return HostCalls.delivery(
                        step.delivery(),
                        "delivery '" + step.delivery() + "' failed at the file " + step.path() + Context.of(run),
                        () -> call.make(number));
            } catch (DeliveryException e) {
                destinations.reset(step.delivery());
                if (!e.retryable() || !retries.again(number)) {
                    throw e;
                }
                repeated.merge(step.delivery(), 1, Integer::sum);
                log.info("Try {} at delivery '{}' failed, trying again: {}", number, step.delivery(), e.getMessage());
            }
        }
    }

    /** Returns how many tries it took since this was asked last. */
    int takeTries(String delivery) {
        Integer more = repeated.remove(delivery);
        return more == null ? 1 : more + 1;
    }
}
