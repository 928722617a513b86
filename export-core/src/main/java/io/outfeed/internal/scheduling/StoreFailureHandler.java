package io.outfeed.internal.scheduling;

import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.event.EngineStoppedEvent;
import io.outfeed.event.JobDamagedEvent;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.StoreWarnings;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.run.RunServices;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a store that fails at a wake-up: one that is away is tried again, a damaged job is left alone, and the engine
 * stops without its store. Thread-safe.
 */
final class StoreFailureHandler {

    private static final Logger log = LoggerFactory.getLogger(StoreFailureHandler.class);

    private final WakeScheduler wakes;
    private final Listeners listeners;
    private final EngineState state;
    private final Clock clock;
    private final StoreWarnings warnings;

    StoreFailureHandler(WakeScheduler wakes, EngineState state, RunServices services) {
        this.wakes = wakes;
        this.listeners = services.listeners();
        this.state = state;
        this.clock = services.clock();
        this.warnings = services.storeWarnings();
    }

    /** Returns when to wake a job again whose wake-up the store has failed; empty if that is settled. */
    Optional<NextWake> handle(ScheduledJob scheduled, StoreException failure) {
        if (failure.code() == FailureCode.STORE_DAMAGED) {
            leave(scheduled, failure);
            return Optional.empty();
        } else if (failure.code() == FailureCode.STORE_MISSING) {
            stopEngine(failure);
            return Optional.empty();
        }
        logAway(scheduled, failure);
        return Optional.of(NextWake.atLaterFire().or(clock.instant().plus(NextWake.STORE_RETRY)));
    }

    /** Logs that the store is not available for a job. */
    void logAway(ScheduledJob scheduled, StoreException failure) {
        warnings.warn(
                log,
                "The store is not available for " + scheduled + ", trying again in " + NextWake.STORE_RETRY,
                failure);
    }

    /** Leaves a damaged job alone, and tries it again later: a person may have restored its files. */
    void leave(ScheduledJob scheduled, StoreException damage) {
        if (scheduled.markDamaged(String.valueOf(damage.getMessage()))) {
            log.error("{} does not run, other jobs do: {}", scheduled, damage.getMessage(), Redacted.of(damage));
            listeners.publish(new JobDamagedEvent(scheduled.job().name(), Problem.of(damage)));
        }
        wakes.wakeAt(scheduled, clock.instant().plus(NextWake.REPAIR_RETRY));
    }

    private void stopEngine(StoreException failure) {
        if (state.stop(String.valueOf(failure.getMessage()))) {
            log.error("The engine has stopped: {}", failure.getMessage(), Redacted.of(failure));
            listeners.publish(new EngineStoppedEvent(Problem.of(failure)));
        }
    }
}
