package io.outfeed.incident;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What an incident is about. Immutable.
 *
 * @param kind what it is
 * @param name which one: of a delivery, a job and the like as the host has named it; never an address of a person
 */
public record IncidentScope(Kind kind, String name) {

    /** What an incident can be about. */
    public enum Kind {
        /** A server that deliveries share, by {@link io.outfeed.delivery.Delivery#server()}. */
        SERVER,
        /** An account at a server, by {@link io.outfeed.delivery.Delivery#login()}. */
        LOGIN,
        /** A destination, by {@link io.outfeed.delivery.Delivery#id()}. */
        DESTINATION,
        /** A recipient of a delivery, by the id of the delivery and the key of the recipient. */
        RECIPIENT,
        /** The source of an export definition, by the name of the definition. */
        SOURCE,
        /** One job, by its name. */
        JOB,
        /** A source of jobs, by its id. */
        JOB_SOURCE,
        /** The disk of this process, by the engine's directory. */
        NODE,
        /** The store of the engine. */
        STORE,
        /** A notifier that can't send what it is given, by its id. */
        NOTIFIER
    }

    /**
     * Checks that nothing is missing.
     *
     * @param kind what it is
     * @param name which one
     */
    public IncidentScope {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
    }

    /** For people, such as {@code server sftp.lakeside.example:22}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
