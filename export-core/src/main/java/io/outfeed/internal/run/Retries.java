package io.outfeed.internal.run;

import io.outfeed.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The waits between the attempts of a run, which end when the engine closes. Thread-safe. */
public final class Retries {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final RetryPolicy policy;
    private final CountDownLatch closing = new CountDownLatch(1);

    public Retries(RetryPolicy policy) {
        this.policy = policy;
    }

    /**
     * Waits until it is time for the next attempt.
     *
     * @param made how many attempts were made
     * @return false if there is to be none
     */
    public boolean again(int made) {
        if (made >= policy.tries()) {
            return false;
        }
        try {
            return !closing.await(wait(made).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets nobody wait any more. */
    public void close() {
        closing.countDown();
    }

    private Duration wait(int made) {
        Duration wait = policy.firstWait();
        for (int i = 1; i < made && wait.compareTo(LONGEST) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        long millis = Math.min(wait.toMillis(), LONGEST.toMillis());
        return Duration.ofMillis(Math.round(millis * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
    }
}
