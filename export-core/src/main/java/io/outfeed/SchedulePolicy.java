package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of fires that can't be met at their times: too late, during another run, or many at one time.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class SchedulePolicy {

    private static final SchedulePolicy DEFAULTS = new SchedulePolicy(new Options());

    private final Options options;

    private SchedulePolicy(Options options) {
        this.options = options;
    }

    private static final class Options {

        private MisfirePolicy misfires = MisfirePolicy.runOnce();
        private OverlapPolicy overlaps = OverlapPolicy.COALESCE;
        private int priority;
        private Duration jitter = Duration.ZERO;

        private Options() {}

        private Options(Options other) {
            misfires = other.misfires;
            overlaps = other.overlaps;
            priority = other.priority;
            jitter = other.jitter;
        }
    }

    /**
     * Returns the defaults: one run covers the fires that were missed, or that came during a run; jobs of one time
     * begin in no particular order, and at that time.
     *
     * @return the policy
     */
    public static SchedulePolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Starts a policy.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return DEFAULTS.toBuilder();
    }

    /**
     * Starts a changed copy.
     *
     * @return a builder with the options of this policy
     */
    public Builder toBuilder() {
        return new Builder(new Options(options));
    }

    /**
     * Returns what becomes of fires that the engine gets to late.
     *
     * @return the policy
     */
    public MisfirePolicy misfires() {
        return options.misfires;
    }

    /**
     * Returns what becomes of fires that come while a run is in progress.
     *
     * @return the policy
     */
    public OverlapPolicy overlaps() {
        return options.overlaps;
    }

    /**
     * Returns which of the jobs that are due at the same time begins first.
     *
     * @return the priority: the higher one begins first
     */
    public int priority() {
        return options.priority;
    }

    /**
     * Returns how much later than its fires the job may begin.
     *
     * @return the jitter; zero if it begins at its fires
     */
    public Duration jitter() {
        return options.jitter;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SchedulePolicy that
                && misfires().equals(that.misfires())
                && overlaps() == that.overlaps()
                && priority() == that.priority()
                && jitter().equals(that.jitter());
    }

    @Override
    public int hashCode() {
        return Objects.hash(misfires(), overlaps(), priority(), jitter());
    }

    /** The options. */
    @Override
    public String toString() {
        return "misfires " + misfires() + ", overlaps " + overlaps() + ", priority " + priority() + ", jitter "
                + jitter();
    }

    /** Collects the options of a policy. Not thread-safe. */
    public static final class Builder {

        private final Options options;

        private Builder(Options options) {
            this.options = options;
        }

        /**
         * Sets what becomes of fires that the engine gets to late. Default: {@link MisfirePolicy#runOnce()}. What is
         * skipped is on record as a dropped run, and reported by a {@link io.outfeed.event.MisfireEvent}.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder misfires(MisfirePolicy policy) {
            options.misfires = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets what becomes of fires that come while a run of the job is in progress. Default:
         * {@link OverlapPolicy#COALESCE}. On record and reported as {@link #misfires} are.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder overlaps(OverlapPolicy policy) {
            options.overlaps = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets which of the jobs that are due at the same time begins first, when workers are few. Default: 0.
         *
         * @param priority any number: the higher one begins first
         * @return this builder
         */
        public Builder priority(int priority) {
            options.priority = priority;
            return this;
        }

        /**
         * Lets the job begin a while after each of its fires, so that many jobs of the same minute are spread over a
         * longer time. The while is always the same for a job's name. The fire keeps its time: in names of files, in
         * the history and in {@link io.outfeed.operation.JobHandle#nextFire}. Default: none. Choose it shorter than the
         * distance between fires: those that pass in the while are covered by one run.
         *
         * @param jitter the longest while, exclusive: zero to one day
         * @return this builder
         */
        public Builder jitter(Duration jitter) {
            options.jitter = requireNonNull(jitter, "jitter");
            return this;
        }

        /**
         * Makes the policy.
         *
         * @return the policy, a copy of what was collected
         * @throws InvalidDefinitionException if an option is out of its range
         */
        public SchedulePolicy build() {
            Problems problems = new Problems();
            problems.addIf(
                    options.jitter.isNegative() || options.jitter.compareTo(Duration.ofDays(1)) > 0,
                    "jitter must be zero to one day, not " + options.jitter);
            problems.throwIfAny("schedule policy");
            return new SchedulePolicy(new Options(options));
        }
    }
}
