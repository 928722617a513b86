package io.outfeed.event;

import io.outfeed.ExportRun;

/**
 * Is told what happens to runs: the place for notifications and metrics.
 *
 * <p>An SPI. Called on the thread of the run, by many threads at once, after the store has the fact. What it throws is
 * logged and changes nothing; a slow listener delays its job.
 */
@FunctionalInterface
public interface ExportListener {

    /**
     * A run has ended, with whatever outcome; or a guard holds it, and it waits for a person.
     *
     * @param run the run as the store has it
     */
    void onRunEnded(ExportRun run);

    /**
     * A run could not be published everywhere. It goes on later, with its own bytes. Called at each attempt that fails; does
     * nothing by default.
     *
     * @param run the run as the store has it, with the failure
     */
    default void onPublicationDelayed(ExportRun run) {}

    /**
     * Nothing was delivered by the time at which it was expected. Told once a deadline; does nothing by default; it is in the
     * log too.
     *
     * @param event which job, and by when
     */
    default void onDeliveryOverdue(DeliveryOverdueEvent event) {}

    /**
     * Something happened to delivered files, between runs: see {@link DeliveredFilesEvent.Kind}. Told once, not at each look.
     * Does nothing by default; it is in the log too.
     *
     * @param event what happened; its {@code toString} is a line for a person
     */
    default void onDeliveredFiles(DeliveredFilesEvent event) {}

    /**
     * Fires of a job have no run of their own: see {@link MissedFiresEvent.Outcome}. Told when that is decided, which is when
     * the engine gets to it; does nothing by default; it is in the log too.
     *
     * @param event which fires, and what becomes of them; its {@code toString} is a line for a person
     */
    default void onMissedFires(MissedFiresEvent event) {}
}
