package io.outfeed;

import io.outfeed.run.ExportRun;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a finished file before anything leaves, and may hold the run for a person to look at.
 *
 * <p>An SPI. Called on the thread of the run; keep no state. What it throws fails the run.
 */
@FunctionalInterface
public interface RunGuard {

    /**
     * Says what is odd about a run.
     *
     * @param staged the run with its files
     * @param previous the last committed runs of the job that moved positions, newest first, at most twenty
     * @return why the run is held, as a clause without values; empty to let it pass
     */
    Optional<String> objection(ExportRun staged, List<ExportRun> previous);

    /**
     * Holds a run with more rows than ever expected.
     *
     * @param rows the most rows that pass, zero or more
     * @return the guard
     */
    static RunGuard moreRowsThan(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("rows must be zero or more, not " + rows);
        }
        return (staged, previous) -> staged.rows() > rows
                ? Optional.of("it has " + staged.rows() + " rows, more than " + rows)
                : Optional.empty();
    }

    /**
     * Holds a run whose rows fall short of the mean of the runs before it. Passes all until there are as many.
     *
     * @param percent by how much, 1 to 100
     * @param runs how many runs the mean is taken of, 1 to 20
     * @return the guard
     */
    static RunGuard rowsFallBy(int percent, int runs) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("percent must be 1 to 100, not " + percent);
        }
        if (runs < 1 || runs > 20) {
            throw new IllegalArgumentException("runs must be 1 to 20, not " + runs);
        }
        return (staged, previous) -> {
            if (previous.size() < runs) {
                return Optional.empty();
            }
            double mean = previous.stream()
                    .limit(runs)
                    .mapToLong(ExportRun::rows)
                    .average()
                    .orElse(0);
            return staged.rows() < mean * (100 - percent) / 100
                    ? Optional.of("it has " + staged.rows() + " rows, more than " + percent
                            + " percent below the mean of the last " + runs + " runs")
                    : Optional.empty();
        };
    }
}
