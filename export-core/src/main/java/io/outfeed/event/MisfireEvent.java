package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Fires of a job have no run of their own.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param first the first of them
 * @param last the last of them; the same if it is one
 * @param count how many they are; from 1,000 on they are not counted any more
 * @param outcome what becomes of them
 */
public record MisfireEvent(String job, Instant first, Instant last, long count, Outcome outcome)
        implements ExportEvent {

    /** What becomes of fires that have no run of their own. */
    public enum Outcome {
        /** The run of a later fire, which begins now, makes up for them. */
        COVERED("covered by the run of a later one", false),
        /** They were longer ago than the job's {@code misfirePolicy} allows. */
        TOO_LATE("skipped, since too long ago", true),
        /** A run was in progress, and the job's {@code overlapPolicy} is to skip them. */
        RUNNING("skipped, since a run was in progress", false),
        /** A run of the job is held, and waits for a person. */
        HELD("skipped, since a run is held", true),
        /** The schedule was changed, and a changed schedule fires only from then on. Only the first one is known. */
        SCHEDULE_CHANGED("skipped, since the schedule was changed", false);

        private final String text;
        private final boolean alarm;

        Outcome(String text, boolean alarm) {
            this.text = text;
            this.alarm = alarm;
        }

        /**
         * Tells whether a person should look.
         *
         * @return false for what took its course
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
     * @param first the first of them
     * @param last the last of them
     * @param count how many they are
     * @param outcome what becomes of them
     */
    public MisfireEvent {
        requireNonNull(job, "job");
        requireNonNull(first, "first");
        requireNonNull(last, "last");
        requireNonNull(outcome, "outcome");
    }

    /** As the outcome says. */
    @Override
    public boolean alarm() {
        return outcome.alarm();
    }

    /**
     * Says which fires they are.
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
