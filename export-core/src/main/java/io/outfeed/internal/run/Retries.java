package io.outfeed.internal.run;

import io.outfeed.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waits between the tries of an attempt, until the engine is closed. Thread-safe. */
public final class Retries {

    private static final Duration MAX_DELAY = Duration.ofMinutes(5);

    /** How long until a destination is asked once more whether it has renamed a file. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final RetryPolicy policy;
    private final Duration renameLooks;
    private final CountDownLatch closing = new CountDownLatch(1);

    public Retries(RetryPolicy policy, Duration renameLooks) {
        this.policy = policy;
        this.renameLooks = renameLooks;
    }

    /**
     * Waits until the next attempt is due.
     *
     * @param tries how many attempts were made
     * @return whether to try again; false if the attempts are used up, or the wait was ended by an interrupt or by
     *     {@link #close}
     */
    public boolean awaitRetry(int tries) {
        if (tries >= policy.tries()) {
            return false;
        }
        return await(delay(tries));
    }

    /**
     * Waits until a destination is asked once more whether it has renamed a file.
     *
     * @param looks how often it was asked
     * @return whether to ask again
     */
    public boolean awaitLook(int looks) {
        Duration rest = renameLooks.minus(LOOK.multipliedBy(looks - 1L));
        return rest.compareTo(Duration.ZERO) > 0 && await(rest.compareTo(LOOK) < 0 ? rest : LOOK);
    }

    private boolean await(Duration delay) {
        try {
            return !closing.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Releases all waiting threads, for good. */
    public void close() {
        closing.countDown();
    }

    private Duration delay(int tries) {
        Duration delay = policy.firstWait();
        for (int i = 1; i < tries && delay.compareTo(MAX_DELAY) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        long millis = Math.min(delay.toMillis(), MAX_DELAY.toMillis());
        return Duration.ofMillis(Math.round(millis * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
    }
}
