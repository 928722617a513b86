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

/** Adds entries to the log that a run carries. */
public final class RunLog {

    /**
     * How many entries there may be before failures in the middle are dropped: a failing run adds one every ten
     * minutes, for days.
     */
    static final int MAX_ENTRIES = 100;

    private RunLog() {}

    /** Tells whether the run has reached a phase since it was planned last. */
    static boolean has(ExportRun run, RunPhase phase) {
        for (int i = run.log().size() - 1; i >= 0; i--) {
            RunLogEntry entry = run.log().get(i);
            if (entry.phase() == phase && entry.delivery().isEmpty()) {
                return true;
            } else if (entry.phase() == RunPhase.PLANNED) {
                return false;
            }
        }
        return false;
    }

    /** Adds an entry for a phase of the whole run. */
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

    /** Adds an entry for a phase of all files at one destination. */
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
        if (entries.size() >= MAX_ENTRIES && entries.get(MAX_ENTRIES / 2).phase() == RunPhase.FAILED) {
            entries.remove(MAX_ENTRIES / 2);
        }
        entries.add(entry);
        return RunBuilder.of(run).log(entries).build();
    }
}
