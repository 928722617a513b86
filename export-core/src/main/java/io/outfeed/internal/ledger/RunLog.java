package io.outfeed.internal.ledger;

import io.outfeed.error.DeliveryException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run's own record tells of it, line by line. */
public final class RunLog {

    /**
     * How many lines there may be before failures in their middle are left out: one comes every ten minutes, for days.
     */
    static final int MOST = 100;

    private RunLog() {}

    static boolean has(ExportRun run, RunPhase phase) {
        return run.log().stream()
                .anyMatch(entry -> entry.phase() == phase && entry.delivery().isEmpty());
    }

    /** A phase of the run as a whole. */
    public static ExportRun with(ExportRun run, Instant at, RunPhase phase) {
        boolean sums = phase == RunPhase.STAGED || phase == RunPhase.ENDED;
        return with(
                run,
                new RunLogEntry(
                        at,
                        phase,
                        Optional.empty(),
                        sums ? run.rows() : 0,
                        sums ? run.bytes() : 0,
                        0,
                        run.failure().filter(failure -> phase == RunPhase.ENDED)));
    }

    /** A phase of all files at one destination. */
    public static ExportRun with(ExportRun run, Instant at, RunPhase phase, String delivery, int attempts) {
        return with(
                run,
                new RunLogEntry(at, phase, Optional.of(delivery), run.rows(), run.bytes(), attempts, Optional.empty()));
    }

    public static ExportRun withFailure(ExportRun run, Instant at, Throwable cause, int attempts) {
        Optional<String> delivery =
                cause instanceof DeliveryException failed ? Optional.of(failed.delivery()) : Optional.empty();
        return with(
                run,
                new RunLogEntry(at, RunPhase.FAILED, delivery, 0, 0, attempts, Optional.of(RunLedger.failure(cause))));
    }

    private static ExportRun with(ExportRun run, RunLogEntry entry) {
        List<RunLogEntry> entries = new ArrayList<>(run.log());
        if (entries.size() >= MOST && entries.get(MOST / 2).phase() == RunPhase.FAILED) {
            entries.remove(MOST / 2);
        }
        entries.add(entry);
        return RunBuilder.of(run).log(entries).build();
    }
}
