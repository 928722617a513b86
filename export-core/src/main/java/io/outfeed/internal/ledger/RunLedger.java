package io.outfeed.internal.ledger;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.source.Position;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Writes runs to the store under a job's lock: each step is saved before the next one starts. Used by one thread. */
public final class RunLedger {

    private final ExportStore store;
    private final JobLock lock;
    private final Clock clock;
    private final Listeners listeners;

    public RunLedger(ExportStore store, Clock clock, Listeners listeners, JobLock lock) {
        this.store = store;
        this.clock = clock;
        this.listeners = listeners;
        this.lock = lock;
    }

    public long token() {
        return lock.token();
    }

    /** Saves a run. A new phase is added to its log, and the listeners are notified of it, once each. */
    public ExportRun save(ExportRun run) {
        Optional<RunPhase> phase = phase(run.status()).filter(next -> !RunLog.has(run, next));
        ExportRun logged =
                phase.map(next -> RunLog.with(run, clock.instant(), next)).orElse(run);
        store.save(lock, logged);
        phase.flatMap(RunLedger::kind).ifPresent(kind -> listeners.publish(kind, logged));
        return logged;
    }

    /** Saves a run whose files are about to become visible. */
    public ExportRun publish(ExportRun run) {
        return save(run);
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
        store.commit(lock, before, new JobPositions(positions, run.number(), sequence));
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
        store.commit(lock, before, new JobPositions(positions, run.number(), before.sequence()));
        return end(run, RunStatus.EMPTY);
    }

    public ExportRun end(ExportRun run, RunStatus status) {
        return save(RunBuilder.of(run).status(status).endedAt(clock.instant()).build());
    }

    public static RunFailure failure(Throwable cause) {
        String message = cause instanceof ExportException && cause.getMessage() != null
                ? cause.getMessage()
                : "unexpected " + cause.getClass().getName() + ": see the log";
        FailureCode code = cause instanceof ExportException known ? known.code() : FailureCode.UNEXPECTED;
        return new RunFailure(code, cause.getClass().getSimpleName(), message, Optional.empty());
    }
}
