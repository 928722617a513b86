package io.outfeed.internal.event;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Redacted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;

/** Logs failures of the store. All jobs meet the same outage: it is one warning in ten minutes. Thread-safe. */
public final class StoreWarnings {

    private static final Duration APART = Duration.ofMinutes(10);

    private final Clock clock;

    /** When it was reported last that the store is away. Guarded by this. */
    private Instant warnedAt = Instant.EPOCH;

    public StoreWarnings(Clock clock) {
        this.clock = clock;
    }

    /**
     * Logs a failure.
     *
     * @param log of the class that has met it
     * @param what what could not be done, for which job
     */
    public void warn(Logger log, String what, ExportException failure) {
        if (failure.code() != FailureCode.STORE_UNAVAILABLE) {
            log.warn("{}: {}", what, failure.getMessage(), Redacted.of(failure));
        } else if (isNews()) {
            log.warn("{}, and perhaps others meet the same: {}", what, failure.getMessage(), Redacted.of(failure));
        } else {
            log.debug("{}: {}", what, failure.getMessage());
        }
    }

    private synchronized boolean isNews() {
        Instant now = clock.instant();
        boolean news = now.isBefore(warnedAt) || !now.isBefore(warnedAt.plus(APART));
        warnedAt = news ? now : warnedAt;
        return news;
    }
}
