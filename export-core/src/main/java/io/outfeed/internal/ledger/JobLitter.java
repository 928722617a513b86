package io.outfeed.internal.ledger;

import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.Litter;
import io.outfeed.store.ExportStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the temporary files that the runs of a job could not remove. */
public final class JobLitter {

    private static final Trigger[] OPEN_FOR_LONG =
            Stream.of(Trigger.values()).filter(Trigger::triedAgain).toArray(Trigger[]::new);
    private static final RunStatus[] TRIED = Stream.of(RunStatus.values())
            .filter(status -> status != RunStatus.SKIPPED)
            .toArray(RunStatus[]::new);

    private JobLitter() {}

    /**
     * Returns the litter that the next run takes over. The newest run has taken over that of those before it, but not
     * of the one that was open when it was created, as a request or a skipped fire time may be.
     */
    public static List<Litter> of(ExportStore store, String job) {
        Optional<ExportRun> newest = newest(store, RunQuery.ofJob(job));
        boolean same = newest.filter(JobLitter::mayBeOpenForLong).isPresent();
        Optional<ExportRun> open = (same
                        ? newest
                        : newest(
                                store,
                                RunQuery.ofJob(job).trigger(OPEN_FOR_LONG).status(TRIED)))
                .filter(run -> isOpenAt(run, newest.orElse(run)));
        return Stream.concat(newest.stream(), open.stream())
                .flatMap(run -> run.litter().stream())
                .distinct()
                .toList();
    }

    private static boolean mayBeOpenForLong(ExportRun run) {
        return run.trigger().triedAgain() && run.status() != RunStatus.SKIPPED;
    }

    private static Optional<ExportRun> newest(ExportStore store, RunQuery query) {
        return store.runs(query.limit(1)).stream().findFirst();
    }

    private static boolean isOpenAt(ExportRun run, ExportRun created) {
        return run.endedAt()
                .filter(ended -> ended.isBefore(created.startedAt()))
                .isEmpty();
    }
}
