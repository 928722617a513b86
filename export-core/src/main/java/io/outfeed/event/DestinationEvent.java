package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A periodic check has found that a destination does not work, or works again. Published at each check while it does
 * not work, and once when it works again.
 *
 * <p>Immutable.
 *
 * @param delivery the id of the destination
 * @param jobs the names of the jobs that deliver there, one or more
 * @param problem what is wrong and what to do; empty if it works again
 */
public record DestinationEvent(String delivery, List<String> jobs, Optional<Problem> problem) implements ExportEvent {

    /**
     * Copies the list.
     *
     * @param delivery the id of the destination
     * @param jobs the names of the jobs that deliver there, one or more
     * @param problem what is wrong and what to do; empty if it works again
     */
    public DestinationEvent {
        requireNonNull(delivery, "delivery");
        jobs = List.copyOf(jobs);
        requireNonNull(problem, "problem");
    }

    /** True while it does not work. */
    @Override
    public boolean alarm() {
        return problem.isPresent();
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "destination '" + delivery + "' "
                + problem.map(what -> "does not work: " + what).orElse("works again") + " (jobs=" + jobs + ")";
    }
}
