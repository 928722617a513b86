package io.outfeed;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.check.Problems;
import java.time.Duration;
import java.util.Objects;

/**
 * How fires are handled that can't run at their times: misfires, fires during another run, and many jobs at one time.
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
     * Returns the defaults: one run covers the misfires, and one those that came during a run; jobs of one time begin
     * at that time, in no particular order.
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
     * Returns how misfires are handled.
     *
     * @return the policy
     */
    public MisfirePolicy misfires() {
        return options.misfires;
    }

    /**
     * Returns how fires are handled that come while a run is in progress.
     *
     * @return the policy
     */
    public OverlapPolicy overlaps() {
        return options.overlaps;
    }

    /**
     * Returns the priority among the jobs that are due at the same time.
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
         * Sets how misfires are handled. Default: {@link MisfirePolicy#runOnce()}. Skipped fires are recorded as a
         * dropped run, and reported by a {@link io.outfeed.event.MisfireEvent}.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder misfires(MisfirePolicy policy) {
            options.misfires = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets how fires are handled that come while a run of the job is in progress. Default:
         * {@link OverlapPolicy#COALESCE}. Recorded and reported like {@link #misfires}.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder overlaps(OverlapPolicy policy) {
            options.overlaps = requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets the priority among the jobs that are due at the same time, if there are fewer workers than jobs.
         * Default: 0.
         *
         * @param priority any number: the higher one begins first
         * @return this builder
         */
        public Builder priority(int priority) {
            options.priority = priority;
            return this;
        }

        /**
         * Delays the runs of the job after its fires, so that many jobs of the same minute are spread over a longer
         * time. The delay is always the same for a job's name. The fire keeps its time in names of files, in the
         * history and in {@link io.outfeed.operation.JobHandle#nextFire}. Default: no delay. Choose it shorter than the
         * interval between fires: fires that pass during the delay are covered by one run.
         *
         * @param jitter the longest delay, exclusive: zero to one day
         * @return this builder
         */
        public Builder jitter(Duration jitter) {
            options.jitter = requireNonNull(jitter, "jitter");
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return the policy; later changes of this builder do not affect it
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
