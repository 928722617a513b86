package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;

/**
 * The engine has stopped by itself, since its store is gone: no job runs any more, and no request is accepted.
 *
 * <p>Immutable.
 *
 * @param problem why, and what to do
 */
public record EngineStoppedEvent(Problem problem) implements ExportEvent {

    /**
     * Checks that nothing is missing.
     *
     * @param problem why, and what to do
     */
    public EngineStoppedEvent {
        requireNonNull(problem, "problem");
    }

    /** True. */
    @Override
    public boolean alarm() {
        return true;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "the engine has stopped: " + problem;
    }
}
