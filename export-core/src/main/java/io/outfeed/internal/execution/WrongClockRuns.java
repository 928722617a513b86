package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.internal.clock.ClockSteps;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the runs whose windows reach too far, since the clock was ahead when they were planned: beyond the time that it
 * shows now, or beyond the time that was right then, as its steps back since then say. Watermarks that do not read the
 * engine's clock have none.
 */
final class WrongClockRuns {

    /** The search ends with a page of runs none of which was planned while the clock was ahead. */
    private static final int PAGE = 20;

    private final RunServices services;

    WrongClockRuns(RunServices services) {
        this.services = services;
    }

    /** Tells whether a position is ahead of a time of the clock. */
    static boolean isAhead(ExportDefinition<?> definition, Position position, Instant time) {
        return position.kind().equals(definition.watermark().kind())
                && definition
                        .watermark()
                        .clockTime(position)
                        .filter(time::isBefore)
                        .isPresent();
    }

    /** Tells whether the window of a run reaches beyond the time at which it was planned. */
    boolean isPlannedAhead(ExportDefinition<?> definition, ExportRun run) {
        Window window = run.windows().get(definition.name());
        Duration ahead = ahead(run);
        return window != null
                && !ahead.isZero()
                && isAhead(
                        definition, window.until(), plannedAt(run).minus(ahead).plus(ClockSteps.TOLERANCE));
    }

    /**
     * Returns where the window began of the earliest run whose window reaches beyond the time at which it was planned.
     *
     * @return the position; empty if there is no such run
     */
    Optional<Position> positionBeforePlannedAhead(ExportJob job, ExportDefinition<?> definition) {
        return positionBefore(job, definition, Instant.MAX);
    }

    /**
     * Returns where the window began of the earliest run whose window reaches beyond now, or beyond the time at which
     * it was planned.
     *
     * @return the position; empty if there is no such run
     */
    Optional<Position> positionBefore(ExportJob job, ExportDefinition<?> definition, Instant now) {
        Optional<Position> before = Optional.empty();
        for (ExportRun run : sinceReset(job, definition, now)) {
            Window window = run.windows().get(definition.name());
            if (window != null && (isAhead(definition, window.until(), now) || isPlannedAhead(definition, run))) {
                before = Optional.of(window.from());
            }
        }
        return before;
    }

    private Duration ahead(ExportRun run) {
        return run.clockOrigin().map(services.clockSteps()::aheadAt).orElse(Duration.ZERO);
    }

    private static Instant plannedAt(ExportRun run) {
        return run.log().stream()
                .filter(entry -> entry.phase() == RunPhase.PLANNED)
                .map(RunLogEntry::at)
                .reduce((earlier, later) -> later)
                .orElse(run.startedAt());
    }

    /** Returns the runs that moved the position, or will, newest first, since it was set by hand. */
    private List<ExportRun> sinceReset(ExportJob job, ExportDefinition<?> definition, Instant now) {
        List<ExportRun> runs = new ArrayList<>(services.store().unfinishedRuns(job.name()).stream()
                .filter(run -> run.trigger().movesPositions())
                .toList());
        RunQuery query = RunQuery.ofJob(job.name())
                .status(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.GIVEN_UP)
                .trigger(Trigger.SCHEDULED, Trigger.MANUAL, Trigger.POSITION_RESET)
                .limit(PAGE);
        while (true) {
            boolean ahead = false;
            List<ExportRun> page = services.store().runs(query);
            for (ExportRun run : page) {
                Window window = run.windows().get(definition.name());
                if (run.trigger() == Trigger.POSITION_RESET && window != null) {
                    return runs;
                }
                runs.add(run);
                ahead |= !ahead(run).isZero() || (window != null && isAhead(definition, window.until(), now));
            }
            if (page.size() < PAGE || !ahead) {
                return runs;
            }
            query = query.below(page.get(page.size() - 1).number());
        }
    }
}
