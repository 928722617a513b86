package io.outfeed.internal.ledger;

import io.outfeed.ExportJob;
import io.outfeed.error.StoreException;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.LogContext;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobState;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses of jobs, and counts of their failures, as the store has them. Thread-safe. */
public final class JobStates {

    private static final Logger log = LoggerFactory.getLogger(JobStates.class);

    private final ExportStore store;
    private final Clock clock;
    private final Listeners listeners;
    private final Function<String, Optional<ExportJob>> jobs;

    public JobStates(ExportStore store, Clock clock, Listeners listeners, Function<String, Optional<ExportJob>> jobs) {
        this.store = store;
        this.clock = clock;
        this.listeners = listeners;
        this.jobs = jobs;
    }

    /** Whether a job runs by its schedule, as far as code and operators say. */
    public boolean runs(ExportJob job) {
        return job.disabled().isEmpty() && store.jobState(job.name()).pause().isEmpty();
    }

    public void pause(ExportJob job, String reason) {
        pause(job.name(), new JobPause(JobPause.By.OPERATOR, reason, clock.instant()));
    }

    private void pause(String job, JobPause pause) {
        boolean changed = change(job, state -> {
            boolean known = state.pause()
                    .filter(before -> before.by() == JobPause.By.OPERATOR)
                    .isPresent();
            return known ? state : state.toPaused(pause);
        });
        if (changed) {
            listeners.tell(new JobPausedEvent(job, pause));
        }
    }

    /** Returns whether it was paused, or had failures. */
    public boolean resume(ExportJob job) {
        boolean changed = change(job.name(), JobState::toResumed);
        if (changed) {
            LogContext.of(job.name()).run(() -> log.info("{} is resumed", job));
        }
        return changed;
    }

    /** Counts what a run that has ended says of its job. The run has ended whatever becomes of the count. */
    public void count(ExportRun run) {
        if (!run.trigger().movesPositions()) {
            return;
        }
        try {
            switch (run.status()) {
                case COMMITTED, EMPTY -> change(run.job(), state -> state.toFailures(0));
                case FAILED -> failed(run);
                default -> {}
            }
        } catch (StoreException e) {
            log.warn("Whether run {} failed is not counted for job '{}'", run.number(), run.job(), e);
        }
    }

    private void failed(ExportRun run) {
        change(run.job(), state -> state.toFailures(state.failuresInARow() + 1));
        JobState state = store.jobState(run.job());
        int most = jobs.apply(run.job())
                .map(job -> job.pauseAfterFailures().orElse(Integer.MAX_VALUE))
                .orElse(Integer.MAX_VALUE);
        if (state.failuresInARow() >= most && state.pause().isEmpty()) {
            pause(
                    run.job(),
                    new JobPause(
                            JobPause.By.FAILURES,
                            state.failuresInARow() + " runs in a row have failed, the last one is run " + run.number(),
                            clock.instant()));
        }
    }

    /** Returns whether there was something to change. */
    private boolean change(String job, UnaryOperator<JobState> next) {
        while (true) {
            JobState before = store.jobState(job);
            JobState after = next.apply(before);
            if (after.equals(before)) {
                return false;
            }
            if (store.replaceJobState(job, before, after)) {
                return true;
            }
        }
    }
}
