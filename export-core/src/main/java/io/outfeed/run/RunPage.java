package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A page of the runs that a query lists, newest first.
 *
 * <p>Immutable.
 *
 * @param runs the runs, as many as the query's limit at most
 * @param next the query of the page that follows; empty if this is the last one
 */
public record RunPage(List<ExportRun> runs, Optional<RunQuery> next) {

    /**
     * Copies the list.
     *
     * @param runs the runs, as many as the query's limit at most
     * @param next the query of the page that follows; empty if this is the last one
     */
    public RunPage {
        runs = List.copyOf(runs);
        requireNonNull(next, "next");
    }
}
