package io.outfeed;

/** Whether a definition may run by a schedule. */
public enum Schedulable {
    /** Its jobs may have a schedule. */
    YES,
    /** Its jobs run on request only: a job with a schedule does not build. */
    NO
}
