package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.changes.DeliveredRows;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.io.Durable;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.internal.spool.RunBytes.Found;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.store.JobLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets positions by hand, and the first positions of a new job. Thread-safe. */
public final class PositionOperations {

    private static final Logger log = LoggerFactory.getLogger(PositionOperations.class);

    private final RunServices services;
    private final Attempts attempts;
    private final OpenRuns openRuns;

    public PositionOperations(RunServices services) {
        this.services = services;
        this.attempts = new Attempts(services);
        this.openRuns = new OpenRuns(services);
    }

    /** Sets a position by hand, and discards a run that has published nothing. */
    public ExportRun resetPosition(
            ExportJob job, JobLock lock, ExportDefinition<?> definition, Position position, String reason) {
        RunLedger ledger = services.ledger(lock);
        openRuns.settle(job, ledger).ifPresent(open -> discard(job, ledger, open));
        String from = restored(job, lock)
                .position(definition.name())
                .map(Position::toString)
                .orElse("the beginning");
        ExportRun run = setPositions(
                job,
                lock,
                Map.of(definition.name(), position),
                "position of '" + definition.name() + "' set from " + from + " to " + position + ": " + reason);
        services.states().resumeAfterReset(job);
        return run;
    }

    /** Returns the positions; damaged ones are restored as the runs tell them, since a person sets one now. */
    private JobPositions restored(ExportJob job, JobLock lock) {
        try {
            return services.store().positions(job.name());
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            JobPositions told = positionsOfRuns(job);
            log.warn("The positions of {} are restored from its runs, up to run {}", job, told.run(), Redacted.of(e));
            services.store().restorePositions(lock, told);
            return told;
        }
    }

    private JobPositions positionsOfRuns(ExportJob job) {
        Map<String, Position> positions = new HashMap<>();
        long last = 0;
        long sequence = 0;
        Optional<DailySequence> daily = Optional.empty();
        for (ExportRun run : services.store()
                .runs(RunQuery.ofJob(job.name())
                        .status(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.GIVEN_UP)
                        .limit(Integer.MAX_VALUE))) { // newest first
            if (run.hasMovedPositions()) {
                run.windows().forEach((name, window) -> positions.putIfAbsent(name, window.until()));
                sequence = Math.max(sequence, run.sequence().orElse(0));
                daily = Stream.concat(daily.stream(), run.dailySequence().stream())
                        .max(Comparator.naturalOrder());
                last = Math.max(last, run.number());
            }
        }
        return new JobPositions(positions, last, sequence, daily);
    }

    /** Sets the positions that a job starts from, for its definitions that have none yet. */
    public void seedPositions(ExportJob job, JobLock lock) {
        JobPositions known = services.store().positions(job.name());
        Map<String, Position> first = new HashMap<>();
        for (ExportDefinition<?> definition : job.definitions()) {
            if (known.position(definition.name()).isEmpty()) {
                first.put(definition.name(), job.startFrom().position().orElseGet(() -> now(job, definition)));
            }
        }
        if (!first.isEmpty()) {
            setPositions(job, lock, first, "the job starts from " + job.startFrom());
        }
    }

    private void discard(ExportJob job, RunLedger ledger, ExportRun open) {
        if (open.publishing()) {
            throw new AlreadyRunningException("run " + open.number()
                    + " has published a part of its window: let it finish, or call giveUp(reason) on engine.run("
                    + open.number() + "), then set the position" + Context.of(job));
        }
        RunEnds.end(services, job, ledger, open, RunStatus.DISCARDED);
    }

    private Position now(ExportJob job, ExportDefinition<?> definition) {
        String at = Context.of(job);
        try (SourcePermits.Permitted<PlannedExport<?>> export = services.sourcePermits()
                .open(
                        List.of(definition),
                        at,
                        () -> PlannedExport.open(
                                definition, job.parameters(), Optional.empty(), services.clock(), at))) {
            return export.sessions().window().until();
        }
    }

    private ExportRun setPositions(ExportJob job, JobLock lock, Map<String, Position> positions, String note) {
        ExportRun planned = attempts.unattempted(job, lock, Trigger.POSITION_RESET);
        RunLedger ledger = services.ledger(lock);
        Map<String, Window> windows = new HashMap<>(); // the ledger can restore the positions from them
        positions.forEach((definition, position) -> windows.put(definition, new Window(position, position)));
        ExportRun run =
                ledger.save(RunBuilder.of(planned).windows(windows).note(note).build());
        Optional<ExportRun> before =
                services.store().run(services.store().positions(job.name()).run());
        keepSidecars(job, run.number(), positions.keySet(), before);
        List<String> definitions =
                job.definitions().stream().map(ExportDefinition::name).toList();
        ExportRun set = ledger.setPositions(services.bytes().save(run, definitions), positions);
        before.ifPresent(services.bytes()::discardSuperseded);
        return services.publishEnd(set);
    }

    /**
     * Gives the run of a reset what the next run needs, as the run that committed last: nothing of the definitions that
     * it resets, and of the others what the previous run has kept.
     */
    private void keepSidecars(ExportJob job, long run, Set<String> reset, Optional<ExportRun> before) {
        SpoolDirectory directory = services.directory();
        try {
            for (ExportDefinition<?> definition : job.definitions()) {
                String name = definition.name();
                if (reset.contains(name)) {
                    if (definition.changes().isPresent()) {
                        DeliveredRows.writeEmpty(
                                directory.sidecar(run, Sidecar.Kind.DELIVERED, name),
                                definition.changes().get().keyColumns());
                    }
                } else if (before.isPresent()) {
                    keepSidecar(before.get(), run, Sidecar.Kind.SEEN, name);
                    keepSidecar(before.get(), run, Sidecar.Kind.DELIVERED, name);
                }
            }
        } catch (IOException e) {
            throw directory.cantWrite(run, e);
        }
    }

    /** A sidecar that is lost or damaged is not kept, and the next run says so. */
    private void keepSidecar(ExportRun before, long run, Sidecar.Kind kind, String definition) throws IOException {
        Optional<Sidecar> sidecar = RunBytes.sidecar(before, kind, definition);
        if (sidecar.isPresent() && services.bytes().provide(before, sidecar.get()) == Found.AS_STAGED) {
            Path target = services.directory().sidecar(run, kind, definition);
            Durable.createDirectories(Durable.directoryOf(target));
            Files.copy(services.bytes().path(before, sidecar.get()), target);
            Durable.syncDirectory(Durable.directoryOf(target));
        }
    }
}
