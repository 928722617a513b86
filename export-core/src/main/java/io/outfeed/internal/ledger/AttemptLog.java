package io.outfeed.internal.ledger;

import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.Attempt;
import io.outfeed.run.Attempt.Outcome;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds attempts to a run, ends them, and counts them. */
public final class AttemptLog {

    /** How many of the first attempts are kept. */
    static final int FIRST = 5;

    /** How many of the last attempts are kept. */
    static final int LAST = 20;

    private AttemptLog() {}

    /** Returns the run with a new attempt in progress. */
    public static ExportRun begin(ExportRun run, Instant at) {
        int number = run.attemptCount() + 1;
        List<Attempt> attempts = new ArrayList<>(run.attempts());
        if (attempts.size() == FIRST + LAST) {
            attempts.remove(FIRST);
        }
        attempts.add(Attempt.begin(number, at, reached(run)));
        return RunBuilder.of(run).attempts(attempts, number).build();
    }

    /** Returns the run with its attempt ended; unchanged if none is in progress. */
    public static ExportRun end(ExportRun run, Instant at, Outcome outcome, Optional<RunFailure> failure) {
        Optional<Attempt> current = current(run);
        if (current.isEmpty()) {
            return run;
        }
        List<Attempt> attempts = new ArrayList<>(run.attempts());
        attempts.set(attempts.size() - 1, current.get().end(at, reached(run), outcome, failure));
        return RunBuilder.of(run).attempts(attempts, run.attemptCount()).build();
    }

    /** Returns the attempt that is in progress, as far as the ledger knows. */
    public static Optional<Attempt> current(ExportRun run) {
        List<Attempt> attempts = run.attempts();
        return attempts.isEmpty()
                ? Optional.empty()
                : Optional.of(attempts.get(attempts.size() - 1)).filter(last -> last.outcome() == Outcome.IN_PROGRESS);
    }

    /** Counts the crashes since the last attempt that ended by itself; a closed engine does not count. */
    public static int crashesInARow(ExportRun run) {
        return countLast(run, Outcome.CRASHED);
    }

    /** Counts the failures since the last attempt that did not fail; crashes and a closed engine do not count. */
    public static int failuresInARow(ExportRun run) {
        return countLast(run, Outcome.FAILED);
    }

    /** Counts the interruptions since the last attempt that ended otherwise. */
    public static int stopsInARow(ExportRun run) {
        int count = 0;
        for (int i = run.attempts().size() - 1; i >= 0; i--) {
            if (run.attempts().get(i).outcome() != Outcome.STOPPED) {
                break;
            }
            count++;
        }
        return count;
    }

    private static int countLast(ExportRun run, Outcome counted) {
        int count = 0;
        for (int i = run.attempts().size() - 1; i >= 0; i--) {
            Outcome outcome = run.attempts().get(i).outcome();
            if (outcome == counted) {
                count++;
            } else if (outcome != Outcome.STOPPED && !(counted == Outcome.FAILED && outcome == Outcome.CRASHED)) {
                break;
            }
        }
        return count;
    }

    private static RunStatus reached(ExportRun run) {
        if (run.publishing()) {
            return RunStatus.PUBLISHING;
        }
        return run.expectedPositions().isPresent() || !run.files().isEmpty() ? RunStatus.STAGED : RunStatus.PLANNED;
    }
}
