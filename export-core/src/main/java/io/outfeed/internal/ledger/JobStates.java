package io.outfeed.internal.ledger;

import io.outfeed.ExportJob;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.LogContext;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.model.LostRaces;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLayout;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobDeadline;
import io.outfeed.store.JobState;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses and resumes jobs, counts their failures, and keeps refused recipients, layouts and backfills, in the store.
 * Thread-safe.
 */
public final class JobStates {

    private static final Logger log = LoggerFactory.getLogger(JobStates.class);

    /** A job that is changed to another directory may be changed back while the first one is not mounted. */
    private static final int MOST_FORMER_DIRECTORIES = 8;

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

    /** Returns the state of a job that runs by its schedule; empty if it is disabled or paused. */
    public Optional<JobState> runnable(ExportJob job) {
        return job.disabled().isPresent()
                ? Optional.empty()
                : Optional.of(store.jobState(job.name()))
                        .filter(state -> state.pause().isEmpty());
    }

    /** Tells whether a job runs by its schedule, being neither disabled nor paused. */
    public static boolean isRunnable(ExportJob job, JobState state) {
        return job.disabled().isEmpty() && state.pause().isEmpty();
    }

    public void pause(ExportJob job, String reason) {
        pause(job.name(), new JobPause(JobPause.By.OPERATOR, reason, clock.instant()));
    }

    /**
     * Pauses a job whose position is ahead of the clock; does nothing if it is paused for that. Replaces an operator's
     * pause, which could end without a word of the position.
     */
    public void pauseByClock(String job, String reason) {
        pause(job, new JobPause(JobPause.By.CLOCK, reason, clock.instant()));
    }

    private void pause(String job, JobPause pause) {
        boolean changed = update(job, state -> {
            boolean known = state.pause()
                    .filter(before -> before.by() == JobPause.By.CLOCK
                            || (before.by() == JobPause.By.OPERATOR && pause.by() != JobPause.By.CLOCK))
                    .isPresent();
            return known ? state : state.toPaused(withReasonBefore(pause, state.pause()));
        });
        if (changed) {
            listeners.publish(new JobPausedEvent(job, pause));
        }
    }

    private static JobPause withReasonBefore(JobPause pause, Optional<JobPause> before) {
        return before.filter(known -> known.by() == JobPause.By.OPERATOR)
                .map(known -> new JobPause(
                        pause.by(),
                        pause.reason() + "; an operator had paused it before (" + known.reason()
                                + "): pause it again after that if it still holds",
                        pause.since()))
                .orElse(pause);
    }

    /**
     * Checks that the job was not paused since its position is ahead of the clock.
     *
     * @throws StoreException if it was: a run could leave records out
     */
    public void checkPosition(ExportJob job) {
        store.jobState(job.name())
                .pause()
                .filter(pause -> pause.by() == JobPause.By.CLOCK)
                .ifPresent(pause -> {
                    throw StoreException.of(FailureCode.POSITION_AHEAD, pause.reason(), null);
                });
    }

    /** Resumes a job that was paused since its position is ahead of the clock: the position was set by hand. */
    public void resumeAfterReset(ExportJob job) {
        update(
                job.name(),
                state -> state.pause()
                                .filter(pause -> pause.by() == JobPause.By.CLOCK)
                                .isPresent()
                        ? state.toResumed()
                        : state);
    }

    /** Resumes a job. Returns whether it was paused, or had failures. */
    public boolean resume(ExportJob job) {
        boolean changed = update(job.name(), JobState::toResumed);
        if (changed) {
            LogContext.of(job.name()).run(() -> log.info("{} is resumed", job));
        }
        return changed;
    }

    /** Returns how far the backfill of a job has come that was started last. */
    public Optional<BackfillProgress> backfill(String job) {
        return store.jobState(job).backfill();
    }

    /** Records a backfill that is to be made. Returns false if another one is not over. */
    public boolean startBackfill(String job, BackfillProgress next) {
        return update(
                job,
                state ->
                        state.backfill().filter(BackfillProgress::active).isPresent() ? state : state.toBackfill(next));
    }

    /**
     * Records how far a backfill has come.
     *
     * @param known the backfill as it was read; another one may be in its place since
     * @return its progress now; empty if another one is in its place, which is left alone
     */
    public Optional<BackfillProgress> updateBackfill(
            String job, BackfillProgress known, UnaryOperator<BackfillProgress> next) {
        update(
                job,
                state -> same(state, known)
                        .map(progress -> state.toBackfill(next.apply(progress)))
                        .orElse(state));
        return same(store.jobState(job), known);
    }

    private static Optional<BackfillProgress> same(JobState state, BackfillProgress known) {
        return state.backfill()
                .filter(progress -> progress.backfill().equals(known.backfill())
                        && progress.requestedAt().equals(known.requestedAt()));
    }

    /** Returns what identified the directories when they were reached first, or were accepted, by their places. */
    public Map<String, String> directories(String job) {
        return store.jobState(job).directories();
    }

    /**
     * Remembers the directory at a place, and forgets all but the last of those that the job delivers to no more.
     *
     * @param inUse the places that the job delivers to
     */
    public void rememberDirectory(String job, String place, String identity, Set<String> inUse) {
        update(job, state -> {
            JobState next = state.toDirectory(place, identity);
            List<String> former = next.directories().keySet().stream()
                    .filter(known -> !inUse.contains(known))
                    .toList();
            for (String oldest : former.subList(0, Math.max(0, former.size() - MOST_FORMER_DIRECTORIES))) {
                next = next.toNoDirectory(oldest);
            }
            return next;
        });
    }

    /** Accepts the directory that the next attempt finds at a place. Returns whether another one was known. */
    public boolean forgetDirectory(String job, String place) {
        return update(job, state -> state.toNoDirectory(place));
    }

    /** Records how far the deadlines of a job were checked. Returns false if another node has done so. */
    public boolean replaceDeadline(String job, Optional<JobDeadline> expected, JobDeadline next) {
        return update(job, state -> state.deadline().equals(expected) ? state.toDeadline(next) : state);
    }

    /** Forgets how far the deadlines of a job were checked: those that passed until now don't count. */
    public void forgetDeadline(String job) {
        update(job, JobState::toNoDeadline);
    }

    /** Returns how the files of a job were laid out that were delivered last, by definition. */
    public Map<String, RunLayout> layouts(String job) {
        return store.jobState(job).layouts();
    }

    /** Returns the recipients that a delivery of a job has refused when it was reached last. */
    public List<RecipientDelivery> refusedRecipients(String job, String delivery) {
        return store.jobState(job).refusedRecipients().getOrDefault(delivery, List.of());
    }

    /** Remembers which recipients the destinations of a run have refused; does nothing if it is called again. */
    public void rememberRefused(ExportRun run) {
        if (run.deliveries().stream().anyMatch(step -> !step.recipients().isEmpty())) {
            update(run.job(), state -> state.toRefusedRecipients(refusedAfter(state, run)));
        }
    }

    private Map<String, List<RecipientDelivery>> refusedAfter(JobState before, ExportRun run) {
        Map<String, List<RecipientDelivery>> after = RefusedRecipients.after(before.refusedRecipients(), run);
        return jobs.apply(run.job())
                .map(job -> RefusedRecipients.of(job, after))
                .orElse(after);
    }

    /** Updates the state of a job after a run. A failure to update it is logged and does not affect the run. */
    public void countOutcome(ExportRun run) {
        try {
            rememberRefused(run);
            if (run.trigger().movesPositions()) {
                count(run);
            }
        } catch (StoreException e) {
            log.warn("The outcome of run {} is not counted for job '{}'", run.number(), run.job(), Redacted.of(e));
        }
    }

    private void count(ExportRun run) {
        switch (run.status()) {
            case COMMITTED, EMPTY ->
                update(
                        run.job(),
                        state -> state.toFailures(0)
                                .toDelivered()
                                .toLayouts(RunLayouts.after(state.layouts(), run.layouts())));
            case FAILED -> countFailure(run);
            default -> {}
        }
    }

    private void countFailure(ExportRun run) {
        update(run.job(), state -> state.toFailures(state.failuresInARow() + 1));
        Optional<RunFailure> ahead = run.failure().filter(failure -> failure.code() == FailureCode.POSITION_AHEAD);
        if (ahead.isPresent()) {
            pauseByClock(run.job(), ahead.get().message());
            return;
        }
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

    /** Updates the state of a job. Returns whether it differs from before. */
    private boolean update(String job, UnaryOperator<JobState> next) {
        LostRaces races = new LostRaces("the state of job '" + job + "'");
        while (true) {
            JobState before = store.jobState(job);
            JobState after = next.apply(before);
            if (after.equals(before)) {
                return false;
            }
            if (store.replaceJobState(job, before, after)) {
                return true;
            }
            races.lost();
        }
    }
}
