package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A destination would not take files now, or would again: the periodic check says so when that has changed.
 *
 * <p>Immutable.
 *
 * @param kind what has changed
 * @param delivery the id of the delivery
 * @param jobs the jobs that deliver there, by name
 * @param problem what is wrong and what to do; empty if nothing is
 */
public record DestinationEvent(Kind kind, String delivery, List<String> jobs, String problem) implements ExportEvent {

    /** What has changed. */
    public enum Kind {
        /** It can't be reached, refuses the login, or can't be written. */
        UNHEALTHY,
        /** It works again. */
        HEALTHY
    }

    /**
     * Copies the list.
     *
     * @param kind what has changed
     * @param delivery the id of the delivery
     * @param jobs the jobs that deliver there, by name
     * @param problem what is wrong and what to do; empty if nothing is
     */
    public DestinationEvent {
        requireNonNull(kind, "kind");
        requireNonNull(delivery, "delivery");
        jobs = List.copyOf(jobs);
        requireNonNull(problem, "problem");
    }

    @Override
    public boolean alarm() {
        return kind == Kind.UNHEALTHY;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "delivery '" + delivery + "' of " + jobs
                + (kind == Kind.HEALTHY ? " works again" : " would take no file now: " + problem);
    }
}
