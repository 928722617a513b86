package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Nothing was delivered by the time at which a job's receiver expects it.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param deadline by when something was expected
 * @param lastDelivered when a run of the job last committed; empty if none is on record
 */
public record DeliveryOverdueEvent(String job, Instant deadline, Optional<Instant> lastDelivered)
        implements ExportEvent {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param deadline by when something was expected
     * @param lastDelivered when a run of the job last committed; empty if none is on record
     */
    public DeliveryOverdueEvent {
        requireNonNull(job, "job");
        requireNonNull(deadline, "deadline");
        requireNonNull(lastDelivered, "lastDelivered");
    }

    @Override
    public boolean alarm() {
        return true;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "nothing was delivered by " + deadline + ", the last time was "
                + lastDelivered.map(Instant::toString).orElse("never") + ": look at the job's runs (job=" + job + ")";
    }
}
