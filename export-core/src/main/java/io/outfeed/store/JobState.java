package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.operation.JobPause;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job: its pause and its failures in a row.
 *
 * <p>Immutable, comparable and thread-safe; each step returns another value.
 */
public final class JobState {

    /** A job that is not paused and has no failures. */
    public static final JobState NONE = new JobState(null, 0);

    private final @Nullable JobPause pause;
    private final int failuresInARow;

    private JobState(@Nullable JobPause pause, int failuresInARow) {
        this.pause = pause;
        this.failuresInARow = failuresInARow;
    }

    /**
     * Returns a state as it was stored; called by stores.
     *
     * @param pause the pause; empty if the job is not paused
     * @param failuresInARow how many runs have failed since the last success; zero or more
     * @return the state
     */
    public static JobState of(Optional<JobPause> pause, int failuresInARow) {
        if (failuresInARow < 0) {
            throw new IllegalArgumentException("failuresInARow must be zero or more, not " + failuresInARow);
        }
        return new JobState(pause.orElse(null), failuresInARow);
    }

    /**
     * Returns the state of the paused job.
     *
     * @param pause who has paused it, and why
     * @return another state
     */
    public JobState toPaused(JobPause pause) {
        return new JobState(requireNonNull(pause, "pause"), failuresInARow);
    }

    /**
     * Returns the state of the resumed job: its count of failures is reset.
     *
     * @return another state
     */
    public JobState toResumed() {
        return new JobState(null, 0);
    }

    /**
     * Returns the state with another number of failures.
     *
     * @param failuresInARow how many runs have failed since the last success
     * @return another state
     */
    public JobState toFailures(int failuresInARow) {
        return of(pause(), failuresInARow);
    }

    /**
     * Returns whether the job is paused.
     *
     * @return the pause; empty if it is not paused
     */
    public Optional<JobPause> pause() {
        return Optional.ofNullable(pause);
    }

    /**
     * Returns how many runs have failed since the last success, or since the job was resumed.
     *
     * @return zero or more
     */
    public int failuresInARow() {
        return failuresInARow;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JobState that
                && Objects.equals(pause, that.pause)
                && failuresInARow == that.failuresInARow;
    }

    @Override
    public int hashCode() {
        return Objects.hash(pause, failuresInARow);
    }

    @Override
    public String toString() {
        return (pause == null ? "not paused" : "paused since " + pause.since()) + ", " + failuresInARow
                + " failures in a row";
    }
}
