package io.outfeed.incident;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One cause that keeps jobs from working, from its first sign to its end: of a kind of failure and what it is about
 * there is one at a time, however many jobs it stops.
 *
 * <p>Immutable. Has names, times and messages, never a value of a record and no secret.
 *
 * @param id identifies it in the store
 * @param scope what it is about
 * @param code the kind of failure
 * @param step where the failure shows: what has to succeed for the incident to end
 * @param message what failed and what to do, as the last sign had it
 * @param openedAt when the first sign was seen, by the engine's clock
 * @param lastSignAt when the last sign was seen
 * @param signs how many signs there were: failed attempts, refused recipients and the like
 * @param jobs the jobs that it touches, in the order in which they were touched, at most {@value #MAX_JOBS}
 * @param moreJobs whether it touches more jobs than are listed
 * @param nextTryAt when one of the jobs that wait for it tries again; empty if none waits for it
 * @param wellSince since when the failed step succeeds; empty while it fails
 * @param end how it ended; empty while it is open
 */
public record Incident(
        String id,
        IncidentScope scope,
        FailureCode code,
        Step step,
        String message,
        Instant openedAt,
        Instant lastSignAt,
        long signs,
        List<String> jobs,
        boolean moreJobs,
        Optional<Instant> nextTryAt,
        Optional<Instant> wellSince,
        Optional<IncidentEnd> end) {

    /** How many jobs are listed. */
    public static final int MAX_JOBS = 1_000;

    /** The steps of a run at which something can fail, in their order. */
    public enum Step {
        /** Reading from the source. */
        READ,
        /** Connecting to the destination, with the login. */
        CONNECT,
        /** Uploading under a temporary name. */
        UPLOAD,
        /** Publishing under the name of the file. */
        PUBLISH,
        /** The run as a whole. */
        RUN
    }

    /** Where an incident is between its first sign and its end. */
    public enum Status {
        /** It keeps its jobs from working. */
        OPEN,
        /** The failed step has succeeded; the incident ends if nothing fails for ten minutes. */
        RECOVERING,
        /** It has ended. */
        ENDED
    }

    /**
     * Copies the list.
     *
     * @param id identifies it in the store
     * @param scope what it is about
     * @param code the kind of failure
     * @param step where the failure shows
     * @param message what failed and what to do
     * @param openedAt when the first sign was seen
     * @param lastSignAt when the last sign was seen
     * @param signs how many signs there were
     * @param jobs the jobs that it touches
     * @param moreJobs whether it touches more jobs than are listed
     * @param nextTryAt when one of the jobs tries again
     * @param wellSince since when the failed step succeeds
     * @param end how it ended
     */
    public Incident {
        requireNonNull(id, "id");
        requireNonNull(scope, "scope");
        requireNonNull(code, "code");
        requireNonNull(step, "step");
        requireNonNull(message, "message");
        requireNonNull(openedAt, "openedAt");
        requireNonNull(lastSignAt, "lastSignAt");
        jobs = List.copyOf(jobs);
        requireNonNull(nextTryAt, "nextTryAt");
        requireNonNull(wellSince, "wellSince");
        requireNonNull(end, "end");
    }

    /**
     * Returns where it is between its first sign and its end.
     *
     * @return the status
     */
    public Status status() {
        if (end.isPresent()) {
            return Status.ENDED;
        }
        return wellSince.isPresent() ? Status.RECOVERING : Status.OPEN;
    }

    /**
     * Returns how long it has lasted.
     *
     * @param now the time to which an open one is counted
     * @return from the first sign to the end
     */
    public Duration duration(Instant now) {
        return Duration.between(openedAt, end.map(IncidentEnd::at).orElse(now));
    }

    /**
     * Tells whether it touches one of some jobs, or may: what is about the engine itself touches none in particular,
     * and of very many jobs not all are listed.
     *
     * @param names true for a job that matters
     * @return whether one of the listed jobs matters, no job is listed, or it touches more jobs
     */
    public boolean mayTouch(Predicate<? super String> names) {
        return jobs.isEmpty() || moreJobs || jobs.stream().anyMatch(names);
    }

    /** A line for a person. */
    @Override
    public String toString() {
        return code + " of " + scope + " since " + openedAt + ", " + jobs.size() + (moreJobs ? " or more" : "")
                + (jobs.size() == 1 && !moreJobs ? " job" : " jobs")
                + end.map(ended -> ", ended " + ended.at()).orElse("");
    }
}
