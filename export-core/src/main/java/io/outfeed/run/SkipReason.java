package io.outfeed.run;

/** Why fire times were skipped. */
public enum SkipReason {
    /** They are later than the {@link io.outfeed.MisfirePolicy} of the job allows. */
    TOO_LATE,
    /** A run was in progress, and the job's {@link io.outfeed.OverlapPolicy} is to skip them. */
    RUNNING,
    /** A run of the job is held until a person decides. */
    HELD
}
