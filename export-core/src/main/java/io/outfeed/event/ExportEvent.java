package io.outfeed.event;

/**
 * Something that happened to runs, delivered files or jobs. Its {@code toString} is a line for a person.
 *
 * <p>Immutable. Holds names, times and sizes, never a value of a record and no secret. Later versions add kinds.
 */
public sealed interface ExportEvent
        permits RunEvent, DeliveredFilesEvent, DeliveryOverdueEvent, DestinationEvent, JobPausedEvent, MisfireEvent {

    /**
     * Tells whether a person should look.
     *
     * @return false for what took its course
     */
    boolean alarm();
}
