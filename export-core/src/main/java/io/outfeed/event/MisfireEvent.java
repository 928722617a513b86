package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Fires of a job were skipped, or are covered by the run of a later fire.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param first the first fire
 * @param last the last fire; the same if there is only one
 * @param count the number of fires, counted up to 1,000
 * @param outcome how they were handled
 */
public record MisfireEvent(String job, Instant first, Instant last, long count, Outcome outcome)
        implements ExportEvent {

    /** How fires without a run of their own were handled. */
    public enum Outcome {
        /** The run of a later fire, which begins now, covers them. */
        COVERED("covered by the run of a later one", false),
        /** They are later than the job's {@link io.outfeed.MisfirePolicy} allows. */
        TOO_LATE("skipped, since too long ago", true),
        /** A run was in progress, and the job's {@link io.outfeed.OverlapPolicy} is to skip them. */
        RUNNING("skipped, since a run was in progress", false),
        /** A run of the job is held until a person decides. */
        HELD("skipped, since a run is held", true),
        /** The schedule was changed: it fires only from then on. Only the first skipped fire is known. */
        SCHEDULE_CHANGED("skipped, since the schedule was changed", false);

        private final String text;
        private final boolean alarm;

        Outcome(String text, boolean alarm) {
            this.text = text;
            this.alarm = alarm;
        }

        /**
         * Tells whether a person should check it.
         *
         * @return false for normal operation
         */
        public boolean alarm() {
            return alarm;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param first the first fire
     * @param last the last fire
     * @param count the number of fires
     * @param outcome how they were handled
     */
    public MisfireEvent {
        requireNonNull(job, "job");
        requireNonNull(first, "first");
        requireNonNull(last, "last");
        requireNonNull(outcome, "outcome");
    }

    /** The same as that of the outcome. */
    @Override
    public boolean alarm() {
        return outcome.alarm();
    }

    /**
     * Describes the fires.
     *
     * @return a time, or a number and two times
     */
    public String fires() {
        return count == 1
                ? "the fire at " + first
                : (count < 1000 ? count : "1000 or more") + " fires from " + first + " to " + last;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return fires() + (count == 1 ? " is " : " are ") + outcome + " (job=" + job + ")";
    }
}
