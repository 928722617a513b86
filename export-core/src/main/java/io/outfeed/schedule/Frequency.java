package io.outfeed.schedule;

/** How often a schedule fires, for lists of jobs. */
public enum Frequency {
    /** One time, and never again. */
    ONCE,
    /** Once a day, or at several times of the day. */
    DAILY,
    /** On one or several days of the week. */
    WEEKLY,
    /** On one or several days of the month. */
    MONTHLY,
    /** At a fixed interval, or by another rule. */
    OTHER
}
