package io.outfeed.internal.backfill;

import io.outfeed.ExportJob;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.internal.execution.JobRunner;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Window;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Exports the chunks of a job's backfill, one at a call, under the job's lock. The number of a chunk's run is stored
 * with the backfill before the run is planned: whatever process or node comes next finds out what became of it, and no
 * chunk that was delivered is delivered again. Thread-safe.
 */
public final class Backfills {

    private final ExportStore store;
    private final JobStates states;
    private final JobRunner runner;

    public Backfills(RunServices services, JobRunner runner) {
        this.store = services.store();
        this.states = services.states();
        this.runner = runner;
    }

    /**
     * The chunk that is to be exported.
     *
     * @param progress the backfill
     * @param run its run, which waits or is held; empty if it is to be planned
     */
    public record Chunk(BackfillProgress progress, Optional<ExportRun> run) {

        /** Whether its run has bytes that must reach all destinations, also if the job is paused. */
        public boolean mustBeFinished() {
            return run.filter(open -> open.publishing() || open.released()).isPresent();
        }
    }

    /** Records what became of the last chunk, and returns the next one; empty if there is none. */
    public Optional<Chunk> next(ExportJob job, JobLock lock) {
        Optional<BackfillProgress> active =
                store.jobState(job.name()).backfill().filter(BackfillProgress::active);
        if (active.isEmpty()) {
            return Optional.empty();
        }
        BackfillProgress progress = active.get();
        if (progress.run().isEmpty()) {
            return Optional.of(new Chunk(progress, Optional.empty()));
        }
        Optional<ExportRun> open = openRun(job, lock, progress);
        if (open.isPresent()) {
            return Optional.of(new Chunk(progress, open));
        }
        Optional<ExportRun> ended = store.run(progress.run().getAsLong());
        return states.updateBackfill(job.name(), progress, known -> after(known, ended))
                .filter(BackfillProgress::active)
                .map(next -> new Chunk(next, Optional.empty()));
    }

    private Optional<ExportRun> openRun(ExportJob job, JobLock lock, BackfillProgress progress) {
        Optional<ExportRun> open = store.run(progress.run().getAsLong())
                .filter(run -> !run.status().ended())
                .flatMap(run -> runner.settleChunk(job, lock, run));
        boolean unwanted = progress.status() == BackfillProgress.Status.CANCELLED
                && open.filter(run -> run.publishing() || run.released()).isEmpty();
        if (unwanted && open.isPresent()) {
            runner.cancelChunk(job, lock, open.get(), progress.note());
            return Optional.empty();
        }
        return open;
    }

    private static BackfillProgress after(BackfillProgress progress, Optional<ExportRun> ended) {
        if (ended.isEmpty()) { // the process ended before the run was planned
            return progress.toNoRun();
        }
        ExportRun run = ended.get();
        return switch (run.status()) {
            case COMMITTED, EMPTY, GIVEN_UP -> progress.toDelivered();
            default ->
                progress.status() == BackfillProgress.Status.CANCELLED
                        ? progress.toNoRun()
                        : progress.toStopped("run " + run.number() + " ended as " + run.status()
                                + run.failure()
                                        .filter(failure -> run.status() == RunStatus.FAILED)
                                        .map(failure -> ": " + failure.code())
                                        .orElse(""));
        };
    }

    /**
     * Makes the next attempt of a chunk, unless the backfill was cancelled. A failure of the export is thrown, and the
     * run has it.
     */
    public void attempt(ExportJob job, JobLock lock, Chunk chunk) {
        BackfillProgress progress = chunk.progress();
        String definition = progress.backfill().definition();
        if (chunk.run().isPresent()) {
            runner.attemptChunk(job, lock, chunk.run().get(), definition, window(progress));
            return;
        }
        ExportRun planned = runner.planChunk(job, lock);
        boolean recorded = states.updateBackfill(
                        job.name(), progress, known -> known.active() ? known.toRun(planned.number()) : known)
                .filter(known -> known.run().equals(OptionalLong.of(planned.number())))
                .isPresent();
        if (recorded) {
            runner.runChunk(job, lock, planned, definition, window(progress));
        }
    }

    private static Window window(BackfillProgress progress) {
        return progress.window().orElseThrow();
    }
}
