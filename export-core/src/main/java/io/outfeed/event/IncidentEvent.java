package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.incident.Incident;

/**
 * An incident was opened, has begun to recover, or has ended. Published by the node that has seen it, once.
 *
 * <p>Immutable. What people are to be told, and when, is given to a {@link io.outfeed.notification.Notifier}.
 *
 * @param kind what happened
 * @param incident the incident as the store has it
 */
public record IncidentEvent(Kind kind, Incident incident) implements ExportEvent {

    /** What happened. */
    public enum Kind {
        /** It is new. */
        OPENED("new"),
        /** It was recovering, or had ended less than an hour ago, and fails again. */
        REOPENED("back"),
        /** The failed step has succeeded: the jobs that waited for it run. */
        RECOVERING("recovering"),
        /** It has ended. */
        ENDED("over");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * Checks that nothing is missing.
     *
     * @param kind what happened
     * @param incident the incident
     */
    public IncidentEvent {
        requireNonNull(kind, "kind");
        requireNonNull(incident, "incident");
    }

    /** False: the event that has opened it is an alarm, and people are told of it by a notifier. */
    @Override
    public boolean alarm() {
        return false;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "incident " + kind.text + ": " + incident
                + (incident.end().isPresent() ? "" : ": " + incident.message());
    }
}
