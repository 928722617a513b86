package io.outfeed.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.delivery.DeliveryWindow;
import io.outfeed.internal.failure.RetryDelay;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Waiting;
import io.outfeed.run.Waiting.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/** When the next attempt of a run begins. */
public final class Backoff {

    private Backoff() {}

    /**
     * Returns what a run waits for after failures: from one minute to one hour, doubled by each failure, and up to a
     * quarter longer, so that the runs that one outage has stopped do not all come back at once.
     *
     * @param failures the number of failures in a row, one or more
     */
    public static Waiting after(ExportRun run, Cause cause, int failures, Instant now) {
        return new Waiting(now.plus(delay(run, cause, failures)), cause);
    }

    private static Duration delay(ExportRun run, Cause cause, int failures) {
        if (cause == Cause.PERSON) {
            return RetryDelay.HOUR;
        }
        Duration delay = RetryDelay.after(failures);
        return delay.plusMillis(Math.round(delay.toMillis() * jitter(run)));
    }

    /** Returns a part from zero to a quarter: always the same for an attempt, so that it can be tested. */
    private static double jitter(ExportRun run) {
        CRC32 hash = new CRC32();
        hash.update((run.job() + " " + run.number() + " " + run.attemptCount()).getBytes(UTF_8));
        return hash.getValue() / (4.0 * (1L << 32));
    }

    /**
     * Returns when the next attempt of a waiting run begins. A backoff ends within an hour, so that a clock that went
     * back can't hide it; a delivery window is computed anew, since the job may have another one by now.
     */
    public static Instant due(Waiting waiting, Optional<DeliveryWindow> window, Instant now) {
        if (waiting.cause() == Cause.DELIVERY_WINDOW) {
            return window.map(open -> open.nextOpening(now)).orElse(now);
        }
        Instant latest = now.plus(RetryDelay.HOUR);
        return waiting.until().isAfter(latest) ? latest : waiting.until();
    }
}
