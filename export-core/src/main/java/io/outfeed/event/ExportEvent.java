package io.outfeed.event;

/**
 * An event of a run, of delivered files, of a job, of a destination, of an incident or of the engine. Its {@code
 * toString} is a line for a person.
 *
 * <p>Immutable. Holds names, times and sizes, never a value of a record and no secret. Later versions add kinds.
 */
public sealed interface ExportEvent
        permits RunEvent,
                DeliveredFilesEvent,
                DeliveryOverdueEvent,
                DestinationEvent,
                EngineStoppedEvent,
                IncidentEvent,
                JobDamagedEvent,
                JobPausedEvent,
                MisfireEvent,
                RecipientsRefusedEvent {

    /**
     * Tells whether a person should check it.
     *
     * @return false for normal operation
     */
    boolean alarm();
}
