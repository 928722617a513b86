package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.operation.JobPause;

/**
 * A job was paused: it does not run by its schedule until it is resumed.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param pause who has paused it, and why
 */
public record JobPausedEvent(String job, JobPause pause) implements ExportEvent {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param pause who has paused it, and why
     */
    public JobPausedEvent {
        requireNonNull(job, "job");
        requireNonNull(pause, "pause");
    }

    /** True unless a person has paused it. */
    @Override
    public boolean alarm() {
        return pause.by() != JobPause.By.OPERATOR;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "job '" + job + "' is paused: " + pause.reason() + "; resume() resumes it";
    }
}
