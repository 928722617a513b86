package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.maintenance.UndeletedFiles;
import io.outfeed.internal.run.RunServices;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.store.JobLock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes and renames jobs, and prunes their runs, with the files of those runs in the spool. Thread-safe. */
public final class HistoryOperations {

    private final RunServices services;

    public HistoryOperations(RunServices services) {
        this.services = services;
    }

    /** Removes a job, which may be known to the store only. */
    public void remove(String name, Optional<ExportJob> job, JobLock lock, History history) {
        for (ExportRun run : services.store().unfinishedRuns(name)) {
            boolean mustBeFinished = run.publishing() && run.trigger().triedAgain();
            if (run.status() == RunStatus.HELD || mustBeFinished) {
                throw new AlreadyRunningException(run + " is not finished: "
                        + (job.isPresent() ? "" : "add the job again, then ")
                        + (run.status() == RunStatus.HELD ? "release it or discard it" : "let it finish, or give it up")
                        + " before the job is removed" + Context.of(run));
            }
        }
        job.ifPresent(known -> discardOpen(known, lock));
        Optional<UndeletedFiles> undeleted = job.map(known -> UndeletedFiles.of(known, services.store()));
        services.store().removeJob(lock, history, services.bytes()::delete);
        undeleted.ifPresent(files -> files.warn(history));
    }

    private void discardOpen(ExportJob job, JobLock lock) {
        RunLedger ledger = services.ledger(lock);
        for (ExportRun run : services.store().unfinishedRuns(job.name())) {
            RunEnds.end(services, job, ledger, run, RunStatus.DISCARDED);
        }
    }

    /** Renames a job, which may be known to the store only. Its lock is lost. */
    public void rename(String name, boolean added, JobLock lock, String to) {
        services.store().unfinishedRuns(name).stream().findFirst().ifPresent(run -> {
            throw new AlreadyRunningException(run + " is not finished: " + (added ? "" : "add the job again, then ")
                    + remedy(run) + " before the job is renamed" + Context.of(run));
        });
        services.store().renameJob(lock, to);
    }

    private static String remedy(ExportRun run) {
        boolean held = run.status() == RunStatus.HELD;
        if (run.publishing()) {
            return (held ? "release it" : "let it finish") + ", or give it up";
        }
        return held ? "release it, or discard it" : "let it finish, or cancel it";
    }

    /**
     * Removes runs that ended before a time, with their files, but never the run that committed the positions last, nor
     * an unconfirmed one, nor what ended after it: a redelivery must not replace a younger file, and the history says
     * which are younger.
     */
    public void prune(ExportJob job, Instant endedBefore) {
        Instant limit = Stream.concat(lastCommitted(job), unconfirmed(job, endedBefore))
                .flatMap(run -> run.endedAt().stream())
                .filter(endedBefore::isAfter)
                .min(Comparator.naturalOrder())
                .orElse(endedBefore);
        services.store().prune(job.name(), limit, services.bytes()::delete);
    }

    private Stream<ExportRun> lastCommitted(ExportJob job) {
        return services.store().run(services.store().positions(job.name()).run()).stream();
    }

    private Stream<ExportRun> unconfirmed(ExportJob job, Instant startedBefore) {
        RunQuery query = RunQuery.ofJob(job.name()).unconfirmed().startedBefore(startedBefore);
        return services.store().runs(query.limit(Integer.MAX_VALUE)).stream();
    }
}
