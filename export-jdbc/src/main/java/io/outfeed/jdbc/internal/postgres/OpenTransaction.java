package io.outfeed.jdbc.internal.postgres;

import io.outfeed.source.Window;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction that holds the end of the window back.
 *
 * @param description what a message calls it
 * @param age how long it has been open, or null if the role may not see that
 * @param reportAfter from which age a run notes it
 */
public record OpenTransaction(String description, @Nullable Duration age, Duration reportAfter) {

    /** The note of the run; empty if the transaction is younger than that. */
    public Optional<String> note(Window window) {
        if (age != null && age.compareTo(reportAfter) >= 0) {
            return Optional.of("the window ends early: " + description + " has been open for "
                    + age.truncatedTo(ChronoUnit.SECONDS)
                    + ", and what was written since can't be exported before it ends");
        }
        boolean isEmpty = window.from().text().equals(window.until().text());
        if (age == null && isEmpty) {
            return Optional.of("the window is empty: " + description + " was open at the last run already; grant"
                    + " pg_read_all_stats to the role of the export to see for how long");
        }
        return Optional.empty();
    }
}
