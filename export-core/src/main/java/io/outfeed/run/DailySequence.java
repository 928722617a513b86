package io.outfeed.run;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * The receiver's gap-free number of a run among those of one day: {@code {sequence.daily}} in the names of its files.
 *
 * <p>Immutable. Ordered by day, then by number.
 *
 * @param day the local day of the run's fire time, in the zone of the file's name
 * @param number from 1
 */
public record DailySequence(LocalDate day, long number) implements Comparable<DailySequence> {

    private static final Comparator<DailySequence> ORDER =
            Comparator.comparing(DailySequence::day).thenComparingLong(DailySequence::number);

    @Override
    public int compareTo(DailySequence other) {
        return ORDER.compare(this, other);
    }
}
