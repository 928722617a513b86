package io.outfeed.jdbc.internal.sql;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the columns have them: microseconds since 1970. */
public final class Micros {

    private Micros() {}

    public static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Rounded down. */
    public static long of(Instant instant) {
        return Math.floorDiv(ChronoUnit.NANOS.between(Instant.EPOCH, instant), 1_000);
    }

    /** The first microsecond that is not before an instant: finds what was rounded down when it was saved. */
    public static long notBefore(Instant instant) {
        return of(instant.plusNanos(999));
    }
}
