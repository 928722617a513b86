package io.outfeed.internal.connection;

import java.time.Duration;

/** Writes time limits in messages. */
public final class TimeoutText {

    private TimeoutText() {}

    /** Such as {@code 30 s} or {@code 1500 ms}. */
    public static String of(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
