package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.error.SourceException;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Audits a timestamp watermark: reads the lookback before the position again, and finds the records that were not there
 * in the previous run. Used by the thread of the run.
 */
public final class LateArrivals {

    private static final int BOUND = 1_000_000;

    private final ExportDefinition<?> definition;
    private final Duration lookback;
    private final Instant readFrom;
    private final Instant rememberedFrom;
    private final Optional<SeenRecords> before;
    private final Instant now;
    private final SeenRecords.Collector seen = new SeenRecords.Collector(BOUND);
    private long rows;
    private Duration longest = Duration.ZERO;

    /**
     * @param before the records that the last committed run has seen; empty if there is nothing to compare with
     */
    LateArrivals(
            ExportDefinition<?> definition,
            Duration lookback,
            Window window,
            Optional<SeenRecords> before,
            Clock clock) {
        this.definition = definition;
        this.lookback = lookback;
        Instant from = window.from().toInstant();
        this.readFrom =
                before.map(seen -> latest(seen.since(), from.minus(lookback))).orElse(from);
        this.rememberedFrom = latest(readFrom, window.until().toInstant().minus(lookback));
        this.before = before;
        this.now = clock.instant();
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Returns from where the source is read. Which records before it were exported is unknown. */
    Position readFrom() {
        return Position.of(readFrom);
    }

    /** Whether there is nothing to compare with, so that late records can't be found. */
    public boolean lacksBaseline() {
        return before.isEmpty();
    }

    /** Remembers a record of the window for the next run. */
    void remember(String key, Position position) {
        remember(SeenRecords.hash(key, position), position.toInstant());
    }

    /** Whether a record before the window was not there in the previous run. */
    boolean isLate(String key, Position position) {
        long hash = SeenRecords.hash(key, position);
        Instant at = position.toInstant();
        remember(hash, at);
        if (before.isEmpty() || before.get().contains(hash)) {
            return false;
        }
        rows++;
        Duration age = Duration.between(at, now);
        longest = age.compareTo(longest) > 0 ? age : longest;
        return true;
    }

    private void remember(long hash, Instant at) {
        if (!at.isBefore(rememberedFrom) && !seen.add(hash)) {
            throw SourceException.permanent(
                    definition + " has more than " + BOUND + " records within its lookback of " + lookback
                            + ": choose a shorter one",
                    null);
        }
    }

    /** Returns a note for the run; empty if no record came late. */
    public Optional<String> note() {
        if (rows == 0) {
            return Optional.empty();
        }
        Duration settleTime = longest.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        return Optional.of(rows + (rows == 1 ? " record of '" : " records of '") + definition.name()
                + "' came late, behind the position: a settle time of " + settleTime + " would have caught "
                + (rows == 1 ? "it" : "them"));
    }

    public void write(Path file) throws IOException {
        seen.write(file, rememberedFrom);
    }
}
