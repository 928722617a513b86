package io.outfeed.internal.operation;

import io.outfeed.ExportJob;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.mapping.Rejects;
import io.outfeed.internal.spool.VerifiedInput;
import io.outfeed.operation.Redelivery;
import io.outfeed.operation.RunHandle;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.RunStatus;
import io.outfeed.store.JobLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The handle of a run, by number: each call reads the run anew. Thread-safe. */
public record RunControl(long number, OperationServices services) implements RunHandle {

    private static final Set<RunStatus> SENT = EnumSet.of(RunStatus.COMMITTED, RunStatus.GIVEN_UP);

    @Override
    public ExportRun run() {
        return services.runs()
                .store()
                .run(number)
                .orElseThrow(
                        () -> new NoSuchJobException("no run " + number + ": it never was, or its history was pruned"));
    }

    @Override
    public Optional<RunProgress> progress() {
        return services.runs().meters().ofRun(number);
    }

    @Override
    public ExportRun redeliver() {
        return redeliver(Redelivery.toAll());
    }

    @Override
    public ExportRun redeliver(Redelivery options) {
        return changeRun(SENT, (job, lock) -> services.operations().redeliver(job, lock, run(), options));
    }

    @Override
    public ExportRun reExport() {
        return changeRun(SENT, (job, lock) -> services.operations().reExport(job, lock, run()));
    }

    @Override
    public ExportRun release() {
        return changeRun(
                Set.of(RunStatus.HELD), (job, lock) -> services.operations().release(job, lock, run()));
    }

    @Override
    public ExportRun discard() {
        return changeRun(
                Set.of(RunStatus.HELD), (job, lock) -> services.operations().discard(job, lock, run()));
    }

    @Override
    public ExportRun giveUp(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why the run is given up: it is kept in the history");
        }
        ScheduledJob scheduled = services.jobs().get(run().job());
        return services.executor().locked(scheduled, lock -> {
            ExportRun run = run();
            if (!run.publishing() || run.status().ended()) {
                throw new IllegalStateException("run " + number + " is " + run.status() + ": only a run that is"
                        + " publishing, or waits to continue that, can be given up" + Context.of(run));
            }
            return services.operations().giveUp(lock, run, reason);
        });
    }

    /** Changes a run that has one of the allowed states, under its job's lock. */
    private ExportRun changeRun(Set<RunStatus> allowed, BiFunction<ExportJob, JobLock, ExportRun> action) {
        ScheduledJob scheduled = services.jobs().get(run().job());
        return services.executor().locked(scheduled, lock -> {
            RunStatus status = run().status();
            if (!allowed.contains(status)) {
                throw new IllegalStateException("run " + number + " is " + status + ", not " + List.copyOf(allowed)
                        + ": that can't be done to it" + Context.of(run()));
            }
            return action.apply(scheduled.job(), lock);
        });
    }

    @Override
    public InputStream open(String path) {
        ExportRun run = run();
        StagedFile file = run.files().stream()
                .filter(candidate -> candidate.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new NoSuchJobException("run " + number + " has no file '" + path + "', only "
                        + run.files().stream().map(StagedFile::path).toList()));
        try {
            return new VerifiedInput(
                    Files.newInputStream(services.runs().spool().path(number, file)), run, file);
        } catch (IOException e) {
            throw new StoreException(
                    "the bytes of " + path + " are gone from the spool: only runs that staged a file and were not"
                            + " dropped keep them (job=" + run.job() + ", run=" + number + ")",
                    e);
        }
    }

    @Override
    public List<RejectedRecord> rejects() {
        ExportRun run = run();
        if (run.rejected() == 0) {
            return List.of();
        }
        return run.windows().keySet().stream()
                .flatMap(definition ->
                        Rejects.read(services.runs().spool().rejects(number, definition), definition).stream())
                .toList();
    }

    @Override
    public String toString() {
        return "run " + number;
    }
}
