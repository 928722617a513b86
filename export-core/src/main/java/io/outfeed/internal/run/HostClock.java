package io.outfeed.internal.run;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.clock.StoreClock;
import io.outfeed.watermark.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the clock of this host may be relied on. Records are stamped by the clocks of hosts: where one differs from
 * that of the store, a window of time may end behind what is written yet.
 */
public final class HostClock {

    private HostClock() {}

    /** Returns by how much the host's clock is ahead of the store's, or behind; empty if it is right, or not known. */
    public static Optional<Duration> skew(Clock clock) {
        return clock instanceof StoreClock store ? store.hostSkew() : Optional.empty();
    }

    /** Tells whether a job reads no records on this host now. */
    public static boolean stops(Clock clock, ExportJob job) {
        return skew(clock).isPresent()
                && job.definitions().stream().map(ExportDefinition::watermark).anyMatch(HostClock::readsClock);
    }

    private static boolean readsClock(Watermark<?> watermark) {
        return watermark.clockTime(watermark.beginning()).isPresent();
    }

    /**
     * Checks that a job may read records on this host.
     *
     * @throws StoreException if it reads none now
     */
    public static void check(Clock clock, ExportJob job) {
        if (stops(clock, job)) {
            throw StoreException.of(
                    FailureCode.CLOCK_SKEW,
                    text(skew(clock).orElseThrow()) + ": nothing is exported here by watermarks of time, since records"
                            + " could be left out; set the clock, or run the job on another node (job=" + job.name()
                            + ")",
                    null);
        }
    }

    /** Returns a sentence, such as {@code the clock of this host is 3600 s ahead of that of the store}. */
    public static String text(Duration skew) {
        return "the clock of this host is " + skew.abs().toSeconds() + " s "
                + (skew.isNegative() ? "behind" : "ahead of") + " that of the store";
    }
}
