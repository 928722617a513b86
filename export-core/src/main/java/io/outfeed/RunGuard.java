package io.outfeed;

import io.outfeed.run.ExportRun;
import io.outfeed.run.RunLayout;
import java.util.List;
import java.util.Optional;

/**
 * Inspects the finished files of a run before they are delivered, and may hold the run until a person decides.
 *
 * <p>An SPI. Called on the thread of the run; must be stateless. An exception fails the run.
 */
@FunctionalInterface
public interface RunGuard {

    /**
     * Returns the objection to a run.
     *
     * @param staged the run with its files
     * @param previous the last committed runs of the job that moved positions, newest first, at most twenty
     * @return why the run is held, as a clause without values; empty to let it pass
     */
    Optional<String> objection(ExportRun staged, List<ExportRun> previous);

    /**
     * Holds a run with more rows than expected.
     *
     * @param rows the most rows that are delivered, zero or more
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
     * Holds a run with fewer rows than the mean of the previous runs. Holds none until there are as many previous runs.
     *
     * @param percent how far below the mean, 1 to 100
     * @param runs how many previous runs the mean is of, 1 to 20
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

    /**
     * Holds a run whose files are laid out otherwise than those of the run before: other columns, headers, mappings,
     * filters, formats or names, whether the job's {@link io.outfeed.layout.Layout} or the definition has changed. When
     * it is released, the new layout is the one that later runs are compared with.
     *
     * @return the guard
     */
    static RunGuard layoutChanged() {
        return (staged, previous) -> {
            List<String> changes = staged.layouts().stream()
                    .filter(layout -> layout.since().isPresent())
                    .map(RunLayout::toString)
                    .toList();
            return changes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", changes));
        };
    }
}
