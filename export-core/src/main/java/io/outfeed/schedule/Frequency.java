package io.outfeed.schedule;

/** How often a schedule fires, in the words of a list of jobs. */
public enum Frequency {
    /** One time, and never again. */
    ONCE,
    /** Once a day, or at several times of the day. */
    DAILY,
    /** On one or several days of the week. */
    WEEKLY,
    /** On one or several days of the month. */
    MONTHLY,
    /** At a fixed distance, or by a rule that is none of the others. */
    OTHER
}
