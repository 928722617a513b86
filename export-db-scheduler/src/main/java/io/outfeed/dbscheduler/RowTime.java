package io.outfeed.dbscheduler;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The times of rows: what a column of the database can hold, ordered by priority within a millisecond. */
final class RowTime {

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** Priorities beyond are the same as this one. */
    private static final int MOST = 499;

    private RowTime() {}

    /** Returns the time of a row: rows of the same time to come are picked in the order of their priorities. */
    static Instant of(Instant at, int priority, Instant now) {
        Instant time = at.isBefore(EARLIEST) ? EARLIEST : at.isAfter(LATEST) ? LATEST : at;
        if (!time.isAfter(now)) {
            return time.truncatedTo(ChronoUnit.MICROS);
        }
        int later = MOST - Math.max(-MOST, Math.min(MOST, priority));
        return time.truncatedTo(ChronoUnit.MICROS).plus(later, ChronoUnit.MICROS);
    }
}
