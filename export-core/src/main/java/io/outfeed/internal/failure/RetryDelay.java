package io.outfeed.internal.failure;

import io.outfeed.error.FailureCode.Remedy;
import java.time.Duration;

/** How long to wait after failures, before the jitter. */
public final class RetryDelay {

    /** The longest that is waited, with its jitter. */
    public static final Duration HOUR = Duration.ofHours(1);

    private static final Duration FIRST = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(48);

    private RetryDelay() {}

    /**
     * Returns the delay: an hour if a person must correct something, else from one minute to 48, doubled by each
     * failure.
     *
     * @param failures the number of failures in a row, one or more
     */
    public static Duration after(Remedy remedy, int failures) {
        return remedy == Remedy.PERSON ? HOUR : after(failures);
    }

    /** Returns the delay of what time may correct. */
    public static Duration after(int failures) {
        Duration delay = FIRST;
        for (int i = 1; i < failures && delay.compareTo(LONGEST) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }
}
