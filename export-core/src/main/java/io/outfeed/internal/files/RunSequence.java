package io.outfeed.internal.files;

import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;

/**
 * The receiver's numbers in the names of a run's files.
 *
 * @param number {@code {sequence}}; 0 before the first run
 * @param daily {@code {sequence.daily}}; 0 before the first run
 */
public record RunSequence(long number, long daily) {

    /** Returns the numbers that follow the committed ones. */
    public static RunSequence next(JobPositions before, DailySequence daily) {
        return new RunSequence(before.sequence() + 1, daily.number());
    }

    /** Returns the numbers that were committed last. */
    public static RunSequence last(JobPositions positions) {
        return new RunSequence(
                positions.sequence(),
                positions.dailySequence().map(DailySequence::number).orElse(0L));
    }

    /** Returns the numbers of a run. */
    public static RunSequence of(ExportRun run) {
        return new RunSequence(
                run.sequence().orElse(0),
                run.dailySequence().map(DailySequence::number).orElse(0L));
    }
}
