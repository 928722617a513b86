package io.outfeed.internal.engine;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportException;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.InvalidDefinitionException;
import io.outfeed.RunStatus;
import io.outfeed.SourceException;
import io.outfeed.Trigger;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.FileDelivery;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobPositions;
import io.outfeed.watermark.Position;
import io.outfeed.watermark.Window;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lock's owner through the life of a run: plan, stage, prepare, publish, commit; and brings interrupted runs to
 * their end. Thread-safe.
 */
final class JobRunner {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

    private final ExportStore store;
    private final Spool spool;
    private final Stager stager;
    private final Clock clock;
    private final Listeners listeners;

    JobRunner(EngineSettings settings) {
        this.store = settings.store();
        this.spool = new Spool(settings.spool());
        this.stager = new Stager(spool);
        this.clock = settings.clock();
        this.listeners = new Listeners(settings.listeners());
    }

    Spool spool() {
        return spool;
    }

    /** One run, under the lock. Returns it committed or empty, else throws; the ledger has it in any case. */
    ExportRun run(ExportJob job, JobLock lock, Trigger trigger, Optional<Instant> fire) {
        return attempt(job, lock, trigger, fire, Attempt::planAndStage);
    }

    /** One record through the whole way, under the lock. Moves no position. */
    <T> ExportRun sendTestRecord(ExportJob job, JobLock lock, ExportDefinition<T> definition, String key) {
        return attempt(job, lock, Trigger.TEST, Optional.empty(), attempt -> attempt.stageRecord(definition, key));
    }

    private ExportRun attempt(
            ExportJob job, JobLock lock, Trigger trigger, Optional<Instant> fire, Consumer<Attempt> stage) {
        RunLedger ledger = new RunLedger(store, lock, clock);
        ExportRun.Builder builder = ExportRun.builder(store.newRunNumber(), job.name(), trigger, clock.instant())
                .token(lock.token())
                .deliveryIds(job.deliveries().stream().map(Delivery::id).toList());
        fire.ifPresent(builder::fire);
        Attempt attempt = new Attempt(job, ledger, builder.build());
        try {
            stage.accept(attempt);
            attempt.deliverAndCommit();
        } catch (RuntimeException | Error failure) {
            attempt.fail(failure);
            throw failure;
        }
        return attempt.run;
    }

    /**
     * Brings the interrupted runs of a job to their end: drops what published nothing, finishes what may have.
     *
     * @throws ExportException if one can't be finished yet; no new window may be planned then
     */
    void finishInterrupted(ExportJob job, JobLock lock) {
        RunLedger ledger = new RunLedger(store, lock, clock);
        for (ExportRun run : store.unfinishedRuns(job.name())) {
            if (store.positions(job.name()).run() == run.number()) {
                log.info("Run {} of job '{}' had committed before it was interrupted", run.number(), run.job());
                ended(ledger.committed(run));
            } else if (mayBeSeen(run)) {
                finishPublishing(job, ledger, run);
            } else {
                drop(job, ledger, run);
            }
        }
    }

    /** Whether only the run's own bytes may follow. Nobody counts on a test record: it is never sent again. */
    private static boolean mayBeSeen(ExportRun run) {
        return run.status() == RunStatus.PUBLISHING && run.trigger().movesPositions();
    }

    private void finishPublishing(ExportJob job, RunLedger ledger, ExportRun run) {
        log.info("Finishing the publication of run {} of job '{}'", run.number(), run.job());
        try {
            ended(ledger.commit(new Deliverer(job, ledger, spool, clock).finish(run)));
        } catch (ExportException e) {
            store.run(run.number()).ifPresent(listeners::runEnded);
            throw e;
        }
    }

    private void drop(ExportJob job, RunLedger ledger, ExportRun run) {
        log.info(
                "Dropping run {} of job '{}', which published nothing; its window is exported again",
                run.number(),
                run.job());
        new Deliverer(job, ledger, spool, clock).discard(run);
        spool.delete(run.number());
        ended(ledger.end(run, RunStatus.DROPPED));
    }

    private void ended(ExportRun run) {
        log.info(
                "Run {} of job '{}' ended: {}, {} rows, {} bytes in {} files",
                run.number(),
                run.job(),
                run.status(),
                run.rows(),
                run.bytes(),
                run.files().size());
        listeners.runEnded(run);
    }

    /** A run on its way: what the ledger has of it, so that a failure anywhere knows what to clean up. */
    private final class Attempt {

        private final ExportJob job;
        private final RunLedger ledger;
        private ExportRun run;

        private Attempt(ExportJob job, RunLedger ledger, ExportRun planned) {
            this.job = job;
            this.ledger = ledger;
            this.run = planned;
        }

        private void planAndStage() {
            JobPositions before = store.positions(job.name());
            try (OpenExports exports = OpenExports.open(job, before, clock, Context.of(run))) {
                run = ledger.save(run.toBuilder().windows(exports.windows()).build());
                long sequence = before.sequence() + 1;
                List<StagedFile> files = new ArrayList<>();
                for (PlannedExport<?> export : exports.all()) {
                    files.addAll(stager.stageWindow(run, export, name(export, sequence)));
                }
                checkPaths(files);
                run = run.toBuilder().sequence(files.isEmpty() ? 0 : sequence).build();
                staged(files);
            }
            run = ledger.save(run);
        }

        private <T> void stageRecord(ExportDefinition<T> definition, String key) {
            run = ledger.save(run);
            try (PlannedExport<T> export =
                    PlannedExport.open(definition, job.parameters(), Optional.empty(), clock, Context.of(run))) {
                T record = new RecordFinder<>(export).byKey(List.of(key)).get(key);
                if (record == null) {
                    throw new SourceException(
                            definition + " has no record '" + key + "': choose the key of one that there is"
                                    + Context.of(run),
                            null);
                }
                long sequence = store.positions(job.name()).sequence() + 1;
                String name = "test-" + run.number() + "-" + name(export, sequence);
                staged(stager.stageRecord(run, export, record, key, name));
            }
            run = ledger.save(run);
        }

        private void staged(List<StagedFile> files) {
            run = run.toBuilder()
                    .status(RunStatus.STAGED)
                    .files(files)
                    .deliveries(pending(files))
                    .build();
        }

        private void deliverAndCommit() {
            if (!run.files().isEmpty()) {
                run = new Deliverer(job, ledger, spool, clock).deliver(run);
            }
            run = ledger.commit(run);
            ended(run);
        }

        /** Puts a failure on record, and removes what was prepared unless a receiver may have seen some of it. */
        private void fail(Throwable failure) {
            boolean interrupted = Thread.interrupted(); // so that cleaning up is not interrupted too
            try {
                Optional<ExportRun> recorded = store.run(run.number());
                if (recorded.isPresent() && mayBeSeen(recorded.get())) {
                    listeners.runEnded(recorded.get());
                    return;
                }
                new Deliverer(job, ledger, spool, clock).discard(run);
                spool.delete(run.number());
                run = ledger.end(
                        run.toBuilder().failure(RunLedger.failure(failure)).build(),
                        interrupted ? RunStatus.DROPPED : RunStatus.FAILED);
                ended(run);
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private List<FileDelivery> pending(List<StagedFile> files) {
            return run.deliveryIds().stream()
                    .flatMap(id -> files.stream().map(file -> FileDelivery.pending(id, file.path())))
                    .toList();
        }

        private void checkPaths(List<StagedFile> files) {
            Set<String> seen = new HashSet<>();
            for (StagedFile file : files) {
                if (!seen.add(SafeName.withoutCase(file.path()))) {
                    throw new InvalidDefinitionException(
                            job.toString(),
                            List.of("two definitions make a file named '" + file.path()
                                    + "': put {definition} into the names"));
                }
            }
        }

        private String name(PlannedExport<?> export, long sequence) {
            return export.definition().file().name().render(nameValues(export, sequence));
        }

        private Map<String, Object> nameValues(PlannedExport<?> export, long sequence) {
            Map<String, Object> values = new HashMap<>();
            values.put("sequence", sequence);
            values.put("run", run.number());
            values.put("job", job.name());
            values.put("definition", export.definition().name());
            values.put("fire", run.fire().orElse(run.startedAt()));
            values.put("window.from", nameValue(export.window().from()));
            values.put("window.until", nameValue(export.window().until()));
            job.parameters().asMap().forEach((name, value) -> values.put("parameter." + name, value));
            return values;
        }

        private Object nameValue(Position position) {
            Optional<Instant> instant = position.instant();
            return instant.isPresent() ? instant.get() : position.text();
        }
    }

    /** The open sources of a run. */
    private record OpenExports(List<PlannedExport<?>> all) implements AutoCloseable {

        static OpenExports open(ExportJob job, JobPositions before, Clock clock, String at) {
            OpenExports exports = new OpenExports(new ArrayList<>());
            try {
                for (ExportDefinition<?> definition : job.definitions()) {
                    exports.all.add(PlannedExport.open(
                            definition, job.parameters(), before.position(definition.name()), clock, at));
                }
            } catch (RuntimeException | Error e) {
                Calls.closeAfter(e, exports);
                throw e;
            }
            return exports;
        }

        Map<String, Window> windows() {
            Map<String, Window> windows = new LinkedHashMap<>();
            all.forEach(export -> windows.put(export.definition().name(), export.window()));
            return windows;
        }

        /** Closes all of them, and throws the first failure. */
        @Override
        public void close() {
            RuntimeException first = null;
            for (PlannedExport<?> export : all) {
                try {
                    export.close();
                } catch (RuntimeException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            if (first != null) {
                throw first;
            }
        }
    }
}
