package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.clock.ClockSteps;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.source.Position;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops jobs whose positions a wrong clock has made: ahead of the clock as it is now, or as it was before the clock has
 * caught up with them. Records that were written meanwhile lie behind such a position, and would never be exported.
 */
final class PositionsAhead {

    private static final Logger log = LoggerFactory.getLogger(PositionsAhead.class);

    private final RunServices services;
    private final WrongClockRuns runs;

    PositionsAhead(RunServices services) {
        this.services = services;
        this.runs = new WrongClockRuns(services);
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
            if (position.filter(known -> WrongClockRuns.isAhead(definition, known, now.plus(ClockSteps.TOLERANCE)))
                    .isPresent()) {
                throw StoreException.of(
                        FailureCode.POSITION_AHEAD, ahead(job, definition, position.get(), now) + at, null);
            }
        }
    }

    /** Pauses the job if one of its positions is ahead of the clock, before the clock has caught up and hides that. */
    void pauseIfAhead(ExportJob job) {
        pauseIfAhead(job, services.store().positions(job.name()));
    }

    /** @param positions those of the job */
    void pauseIfAhead(ExportJob job, JobPositions positions) {
        try {
            check(job, positions, "");
        } catch (StoreException e) {
            if (e.code() != FailureCode.POSITION_AHEAD) {
                throw e;
            }
            services.states().pauseByClock(job.name(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Pauses the job if the clock was set back, and was ahead when one of its runs was planned: the clock may have
     * caught up with the position.
     */
    void pauseIfPlannedAhead(ExportJob job) {
        Instant now = services.clock().instant();
        for (ExportDefinition<?> definition : job.definitions()) {
            if (runs.positionBeforePlannedAhead(job, definition).isPresent()) {
                services.states().pauseByClock(job.name(), plannedAhead(job, definition, now));
                return;
            }
        }
    }

    /**
     * Pauses the job if a run has moved a position ahead of the clock. It may have been released for another reason, or
     * by a person who did not know which clock is right.
     */
    void pauseAfter(ExportJob job, ExportRun run) {
        try {
            if (run.hasMovedPositions() && objection(job, run).isPresent()) {
                pauseIfPlannedAhead(job);
                pauseIfAhead(job);
            }
        } catch (StoreException e) {
            log.warn("{} could not be paused, and its position is ahead of the clock", job, Redacted.of(e));
        }
    }

    /** Returns why a staged run must not be published: the clock was set back since it has read its records. */
    Optional<String> objection(ExportJob job, ExportRun staged) {
        Instant now = services.clock().instant();
        return job.definitions().stream()
                .filter(definition -> reachesTooFar(definition, staged, now.plus(ClockSteps.TOLERANCE)))
                .findFirst()
                .map(definition -> "the clock was set back to " + now + " after the run has read the records of "
                        + definition + ": those that are written until the clock has passed the end of its window would"
                        + " be left out. If the clock is right now, discard the run, and the next one covers its"
                        + " window; release it if the clock was right before");
    }

    private boolean reachesTooFar(ExportDefinition<?> definition, ExportRun run, Instant now) {
        return runs.isPlannedAhead(definition, run)
                || Optional.ofNullable(run.windows().get(definition.name()))
                        .filter(window -> WrongClockRuns.isAhead(definition, window.until(), now))
                        .isPresent();
    }

    private String ahead(ExportJob job, ExportDefinition<?> definition, Position position, Instant now) {
        return "the position " + position + " of " + definition + " is ahead of the clock, which says " + now
                + ": the clock was wrong when a run committed, or is wrong now. Nothing is exported, and the job is"
                + " paused: once the clock is right, call "
                + resetPosition(job, definition, now)
                + ", or with an earlier one if the clock was ahead before that run: all since then is exported again;"
                + " resume() alone would leave out what is written until the clock has passed the position";
    }

    private String plannedAhead(ExportJob job, ExportDefinition<?> definition, Instant now) {
        return "the clock was set back to " + now + ", and was ahead when runs of " + definition + " were planned:"
                + " records that were written meanwhile lie behind its position, or the clock is wrong now. Nothing is"
                + " exported, and the job is paused: if the clock is right now, call "
                + resetPosition(job, definition, now)
                + ", or with an earlier one if the clock was ahead before that run: all since then is exported again;"
                + " if the clock was right before, correct it and call resume()";
    }

    private String resetPosition(ExportJob job, ExportDefinition<?> definition, Instant now) {
        String before = runs.positionBefore(job, definition, now)
                .filter(from -> !WrongClockRuns.isAhead(definition, from, now))
                .map(from -> "Position.of(Instant.parse(\"" + from.text() + "\"))")
                .orElse("a position before the clock was wrong");
        return "resetPosition(\"" + definition.name() + "\", " + before + ", reason)";
    }
}
