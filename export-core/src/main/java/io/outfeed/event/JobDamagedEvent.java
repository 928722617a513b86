package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;

/**
 * What the store has of a job is damaged: the job does not run before a person has restored it, and other jobs do.
 *
 * <p>Published once for a job while the engine is open, and again if its damage is another one. Immutable.
 *
 * @param job the name of the job
 * @param damage what can't be read, and what to do
 */
public record JobDamagedEvent(String job, Problem damage) implements ExportEvent {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param damage what can't be read, and what to do
     */
    public JobDamagedEvent {
        requireNonNull(job, "job");
        requireNonNull(damage, "damage");
    }

    /** True. */
    @Override
    public boolean alarm() {
        return true;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "job '" + job + "' does not run: " + damage;
    }
}
