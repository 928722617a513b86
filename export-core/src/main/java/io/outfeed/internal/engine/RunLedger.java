package io.outfeed.internal.engine;

import io.outfeed.ExportException;
import io.outfeed.ExportRun;
import io.outfeed.RunFailure;
import io.outfeed.RunStatus;
import io.outfeed.delivery.DeliveryState;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobPositions;
import io.outfeed.watermark.Position;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** The store, as the owner of a job's lock may write it: every step of a run is on record before the next is taken. */
final class RunLedger {

    private final ExportStore store;
    private final JobLock lock;
    private final Clock clock;

    RunLedger(ExportStore store, JobLock lock, Clock clock) {
        this.store = store;
        this.lock = lock;
        this.clock = clock;
    }

    long token() {
        return lock.token();
    }

    ExportRun save(ExportRun run) {
        store.save(lock, run);
        return run;
    }

    /** Moves the positions: the only commit point. The run's row follows, and is repaired from it if it doesn't. */
    ExportRun commit(ExportRun run) {
        if (!run.trigger().movesPositions()) {
            return committed(run);
        }
        JobPositions before = store.positions(lock.job());
        Map<String, Position> positions = new HashMap<>(before.positions());
        run.windows().forEach((definition, window) -> positions.put(definition, window.until()));
        long sequence = run.sequence().orElse(before.sequence());
        store.commit(lock, before, new JobPositions(positions, run.number(), sequence));
        return committed(run);
    }

    /** Brings the row of a run whose positions have moved up to them. */
    ExportRun committed(ExportRun run) {
        boolean missing = run.deliveries().stream().anyMatch(step -> step.state() == DeliveryState.UNKNOWN);
        if (missing) {
            return end(run, RunStatus.GIVEN_UP);
        }
        RunStatus status = run.files().isEmpty() ? RunStatus.EMPTY : RunStatus.COMMITTED;
        return end(run.toBuilder().failure(null).build(), status);
    }

    /** Puts a run on record that moves positions by hand and has no file. */
    ExportRun setPositions(ExportRun planned, Map<String, Position> changed) {
        ExportRun run = save(planned);
        JobPositions before = store.positions(lock.job());
        Map<String, Position> positions = new HashMap<>(before.positions());
        positions.putAll(changed);
        store.commit(lock, before, new JobPositions(positions, run.number(), before.sequence()));
        return end(run, RunStatus.EMPTY);
    }

    ExportRun end(ExportRun run, RunStatus status) {
        return save(run.toBuilder().status(status).endedAt(clock.instant()).build());
    }

    static RunFailure failure(Throwable cause) {
        String message = cause instanceof ExportException && cause.getMessage() != null
                ? cause.getMessage()
                : "unexpected " + cause.getClass().getName() + ": see the log";
        return new RunFailure(cause.getClass().getSimpleName(), message);
    }
}
