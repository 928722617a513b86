package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds positions that a wrong clock has made: ahead of the clock as it is now. Records that are written until the
 * clock has caught up would lie behind such a position, and would never be exported.
 */
final class PositionsAhead {

    /** Clocks are set by some seconds all the time: a run waits for as long. */
    private static final Duration TOLERANCE = Duration.ofSeconds(30);

    private static final int RUNS_LOOKED_AT = 1_000;

    private final RunServices services;

    PositionsAhead(RunServices services) {
        this.services = services;
    }

    /**
     * Checks the positions from which a run would start.
     *
     * @param at names job and run in the message
     * @throws StoreException if one is ahead of the clock; the message has the position to go back to
     */
    void check(ExportJob job, JobPositions positions, String at) {
        Instant now = services.clock().instant();
        for (ExportDefinition<?> definition : job.definitions()) {
            Optional<Position> position = positions.position(definition.name());
            if (position.filter(known -> isAhead(definition, known, now.plus(TOLERANCE)))
                    .isPresent()) {
                throw ahead(job, definition, position.get(), now, at);
            }
        }
    }

    /** Pauses the job if one of its positions is ahead of the clock, before the clock has caught up and hides that. */
    void pauseIfAhead(ExportJob job) {
        try {
            check(job, services.store().positions(job.name()), "");
        } catch (StoreException e) {
            if (e.code() != FailureCode.POSITION_AHEAD) {
                throw e;
            }
            services.states().pauseByClock(job.name(), String.valueOf(e.getMessage()));
        }
    }

    /** Returns why a staged run must not be published: the clock was set back since it has read its records. */
    Optional<String> objection(ExportJob job, ExportRun staged) {
        Instant now = services.clock().instant();
        return job.definitions().stream()
                .filter(definition -> Optional.ofNullable(staged.windows().get(definition.name()))
                        .filter(window -> isAhead(definition, window.until(), now.plus(TOLERANCE)))
                        .isPresent())
                .findFirst()
                .map(definition -> "the clock was set back to " + now + " after the run has read the records of "
                        + definition + ": those that are written until the clock has passed the end of its window would"
                        + " be left out. If the clock is right now, discard the run, and the next one covers its"
                        + " window; release it if the clock was right before");
    }

    private static boolean isAhead(ExportDefinition<?> definition, Position position, Instant now) {
        return position.kind().equals(definition.watermark().kind())
                && definition
                        .watermark()
                        .clockTime(position)
                        .filter(now::isBefore)
                        .isPresent();
    }

    private StoreException ahead(
            ExportJob job, ExportDefinition<?> definition, Position position, Instant now, String at) {
        Optional<Position> before = positionBefore(job, definition, now);
        return StoreException.of(
                FailureCode.POSITION_AHEAD,
                "the position " + position + " of " + definition + " is ahead of the clock, which says " + now
                        + ": the clock was wrong when a run committed, or is wrong now. Nothing is exported, and the"
                        + " job is paused: once the clock is right, call resetPosition(\"" + definition.name() + "\", "
                        + before.map(known -> "Position.of(Instant.parse(\"" + known.text() + "\"))")
                                .orElse("a position before the clock was wrong")
                        + ", reason), which exports all since then again; resume() alone would leave out what is"
                        + " written until the clock has passed the position" + at,
                null);
    }

    /** Returns where the first run began whose window ends ahead of the clock. */
    private Optional<Position> positionBefore(ExportJob job, ExportDefinition<?> definition, Instant now) {
        Optional<Position> before = Optional.empty();
        for (ExportRun run : services.store()
                .runs(RunQuery.ofJob(job.name())
                        .status(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.GIVEN_UP)
                        .limit(RUNS_LOOKED_AT))) {
            Window window = run.windows().get(definition.name());
            if (!run.hasMovedPositions() || window == null) {
                continue;
            }
            if (!isAhead(definition, window.until(), now)) {
                return before;
            }
            before = Optional.of(window.from()).filter(from -> !isAhead(definition, from, now));
        }
        return before;
    }
}
