package io.outfeed.internal.ledger;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.failure.FailureOrigin;
import io.outfeed.internal.failure.RunCancelledException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.source.Position;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes runs to the store under a job's lock: each step is saved before the next one starts. Used by one thread. */
public final class RunLedger {

    private final ExportStore store;
    private final JobLock lock;
    private final Clock clock;
    private final Listeners listeners;

    /** The run that was saved last, as it is in the store. */
    private @Nullable ExportRun last;

    /** The step that the store may have or not, since it failed to say so. */
    private @Nullable RunStep unanswered;

    public RunLedger(ExportStore store, Clock clock, Listeners listeners, JobLock lock) {
        this.store = store;
        this.clock = clock;
        this.listeners = listeners;
        this.lock = lock;
    }

    public long token() {
        return lock.token();
    }

    /**
     * Continues a run from what was saved under the same lock, without reading it again.
     *
     * @param saved what another ledger has returned, or a run that was never saved
     */
    public RunLedger after(ExportRun saved) {
        last = saved.steps() == 0 ? null : saved;
        return this;
    }

    /**
     * Saves a run. A new phase is added to its log, and the listeners are notified of it, once each.
     *
     * @throws RunCancelledException if the run would become publishing, and was cancelled
     */
    public ExportRun save(ExportRun run) {
        return trySave(run).orElseThrow(() -> new RunCancelledException(run.number()));
    }

    /**
     * Saves a run like {@link #save}, and claims fire times for it, both or neither.
     *
     * @return the run; empty if the fire times were claimed before
     */
    public Optional<ExportRun> claim(FirePlan.Claim claim, ExportRun run) {
        return save(run, step -> store.claim(lock, claim, step));
    }

    /** Saves a run like {@link #save}. Returns empty if it would become publishing, and was cancelled. */
    private Optional<ExportRun> trySave(ExportRun run) {
        return save(run, step -> store.append(lock, step));
    }

    private Optional<ExportRun> save(ExportRun run, Predicate<RunStep> write) {
        Optional<RunPhase> phase = phase(run.status()).filter(next -> !RunLog.has(run, next));
        ExportRun logged =
                phase.map(next -> RunLog.with(run, clock.instant(), next)).orElse(run);
        RunStep step = step(logged);
        unanswered = step;
        boolean written = write.test(step);
        unanswered = null;
        if (!written) {
            return Optional.empty();
        }
        ExportRun saved = step.run();
        last = saved;
        phase.flatMap(RunLedger::kind).ifPresent(kind -> listeners.publish(kind, saved));
        return Optional.of(saved);
    }

    /** Returns the step from what the store has: it is read if this ledger has not written it, or got no answer. */
    private RunStep step(ExportRun run) {
        RunStep failed = unanswered != null && unanswered.number() == run.number() ? unanswered : null;
        ExportRun known = last;
        if (failed == null && known != null && known.number() == run.number() && known.steps() >= run.steps()) {
            return RunStep.next(known, run);
        }
        if (failed == null && run.steps() == 0) {
            return RunStep.whole(run);
        }
        Optional<ExportRun> stored = store.run(run.number());
        int steps = stored.map(ExportRun::steps).orElse(0);
        int fewest = failed == null ? run.steps() : failed.index();
        int most = failed == null ? fewest : fewest + 1;
        if (steps < fewest || steps > most) {
            throw new StoreException(
                    "the run was changed in the meantime: nothing was written; read it again (job=" + run.job()
                            + ", run=" + run.number() + ")",
                    null);
        }
        return stored.map(before -> RunStep.next(before, run)).orElseGet(() -> RunStep.whole(run));
    }

    /** Returns why a run was cancelled; empty if it was not. */
    public Optional<String> cancelRequested(ExportRun run) {
        return store.cancelRequested(run.number());
    }

    private static Optional<RunPhase> phase(RunStatus status) {
        return switch (status) {
            case PLANNED -> Optional.of(RunPhase.PLANNED);
            case STAGED -> Optional.of(RunPhase.STAGED);
            case HELD -> Optional.of(RunPhase.HELD);
            case PUBLISHING, WAITING -> Optional.empty();
            case COMMITTED, EMPTY, FAILED, SKIPPED, DISCARDED, CANCELLED, DEFERRED, GIVEN_UP ->
                Optional.of(RunPhase.ENDED);
        };
    }

    private static Optional<Kind> kind(RunPhase phase) {
        return switch (phase) {
            case PLANNED -> Optional.of(Kind.PLANNED);
            case STAGED -> Optional.of(Kind.STAGED);
            case HELD -> Optional.of(Kind.HELD);
            default -> Optional.empty(); // the end is published when everything that follows it is saved
        };
    }

    /** Moves the positions: the only commit point. The run is saved after that, and repaired from it if that fails. */
    public ExportRun commit(ExportRun run) {
        if (!run.trigger().movesPositions()) {
            return committed(run);
        }
        JobPositions before = run.expectedPositions().orElseGet(() -> store.positions(lock.job()));
        Map<String, Position> positions = new HashMap<>(before.positions());
        run.windows().forEach((definition, window) -> positions.put(definition, window.until()));
        long sequence = run.sequence().orElse(before.sequence());
        Optional<DailySequence> daily = Stream.concat(before.dailySequence().stream(), run.dailySequence().stream())
                .max(Comparator.naturalOrder());
        store.commit(lock, before, new JobPositions(positions, run.number(), sequence, daily));
        return committed(run);
    }

    /** Ends a run whose positions have moved. */
    public ExportRun committed(ExportRun run) {
        boolean missing = run.deliveries().stream().anyMatch(step -> step.state() == DeliveryState.UNKNOWN);
        if (missing) {
            return end(run, RunStatus.GIVEN_UP);
        }
        RunStatus status = run.files().isEmpty() ? RunStatus.EMPTY : RunStatus.COMMITTED;
        return end(RunBuilder.of(run).failure(null).build(), status);
    }

    /** Saves a run without files that moves positions by hand. */
    public ExportRun setPositions(ExportRun planned, Map<String, Position> changed) {
        ExportRun run = save(planned);
        JobPositions before = store.positions(lock.job());
        Map<String, Position> positions = new HashMap<>(before.positions());
        positions.putAll(changed);
        store.commit(
                lock, before, new JobPositions(positions, run.number(), before.sequence(), before.dailySequence()));
        return end(run, RunStatus.EMPTY);
    }

    public ExportRun end(ExportRun run, RunStatus status) {
        return save(ended(run, status));
    }

    /** Ends a run like {@link #end}, and claims the fire times that it has; empty if they were claimed before. */
    public Optional<ExportRun> claimAndEnd(FirePlan.Claim claim, ExportRun run, RunStatus status) {
        return claim(claim, ended(run, status));
    }

    private ExportRun ended(ExportRun run, RunStatus status) {
        return RunBuilder.of(run).status(status).endedAt(clock.instant()).build();
    }

    public static Problem problem(Throwable cause) {
        RunFailure failure = failure(cause);
        return new Problem(failure.code(), failure.message());
    }

    public static RunFailure failure(Throwable cause) {
        String message = cause instanceof ExportException && cause.getMessage() != null
                ? cause.getMessage()
                : "unexpected " + cause.getClass().getName() + ": see the log";
        FailureCode code = cause instanceof ExportException known ? known.code() : FailureCode.UNEXPECTED;
        return new RunFailure(code, cause.getClass().getSimpleName(), message, FailureOrigin.of(cause));
    }
}
