package io.outfeed.jdbc;

import io.outfeed.source.Window;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What holds the end of the window back: a transaction that is still open.
 *
 * @param culprit who it is, in a message
 * @param age how long it has been open, or null if the role may not see that
 * @param tolerated how long one may be open before a person is told
 */
record PostgresStall(String culprit, @Nullable Duration age, Duration tolerated) {

    /** What a person should know of it; empty if it is young enough. */
    Optional<String> note(Window window) {
        if (age != null && age.compareTo(tolerated) >= 0) {
            return Optional.of(
                    "the window ends early: " + culprit + " has been open for " + age.truncatedTo(ChronoUnit.SECONDS)
                            + ", and what was written since can't be exported before it ends");
        }
        boolean stands = window.from().text().equals(window.until().text());
        if (age == null && stands) {
            return Optional.of("the window is empty: " + culprit + " was open at the last run already; grant"
                    + " pg_read_all_stats to the role of the export to see for how long");
        }
        return Optional.empty();
    }
}
