package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.internal.changes.DeliveredRows;
import io.outfeed.internal.delivery.Deliverer;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.run.TimeLimits;
import io.outfeed.internal.spool.Spool;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobPositions;
import io.outfeed.watermark.Position;
import io.outfeed.watermark.Window;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What can be done with a job under its lock. The ledger has every step before the next is taken. Thread-safe. */
public final class JobRunner {

    /** How often a fire is run whose runs are interrupted. */
    private static final int ATTEMPTS = 3;

    private final RunServices services;
    private final Recovery recovery;

    public JobRunner(RunServices services) {
        this.services = services;
        this.recovery = new Recovery(services);
    }

    /** Brings interrupted runs to their end; see {@link Recovery#finish}. */
    public boolean finishInterrupted(ExportJob job, JobLock lock) {
        return recovery.finish(job, ledger(lock));
    }

    /** Exports the next windows. Returns the run committed, empty or held, else throws. */
    public ExportRun runNow(ExportJob job, JobLock lock) {
        return attempt(job, lock, Trigger.MANUAL, RunStaging::next);
    }

    /** Puts a run for a fire on record: the fire is claimed when that is done, so that a crash loses none. */
    public ExportRun plan(ExportJob job, JobLock lock, Instant fire, String note) {
        ExportRun planned = RunAttempt.planned(services, job, lock.token(), Trigger.SCHEDULED);
        return ledger(lock).save(planned.toBuilder().fireTime(fire).note(note).build());
    }

    /** Exports the next windows, for a fire. Returns the run committed, empty or held, else throws. */
    public ExportRun run(ExportJob job, JobLock lock, ExportRun planned) {
        return attempt(job, lock, planned, RunStaging::next);
    }

    /** Ends a run that was planned for a fire that somebody else has. */
    public void leave(JobLock lock, ExportRun planned) {
        String note = "another node has the fire";
        services.ended(ledger(lock).end(planned.toBuilder().note(note).build(), RunStatus.DROPPED));
    }

    /** The fire of the newest run, if that was interrupted and published nothing: it is to be run again. */
    public Optional<Instant> interruptedFire(ExportJob job) {
        List<ExportRun> runs = services.store()
                .runs(RunQuery.ofJob(job.name())
                        .trigger(Trigger.SCHEDULED, Trigger.MANUAL)
                        .limit(ATTEMPTS));
        Optional<Instant> fire =
                runs.stream().findFirst().filter(JobRunner::wasInterrupted).flatMap(ExportRun::fireTime);
        long attempts = runs.stream()
                .takeWhile(run -> wasInterrupted(run) && run.fireTime().equals(fire))
                .count();
        return fire.filter(at -> attempts < ATTEMPTS); // who takes the whole process down gets no further chance
    }

    private static boolean wasInterrupted(ExportRun run) {
        return run.status() == RunStatus.DROPPED
                ? run.failure().isPresent() // else it was skipped, discarded, or waits for the receiver
                : run.status() == RunStatus.PLANNED || run.status() == RunStatus.STAGED;
    }

    /** Puts fires on record that are not run. */
    public void skip(ExportJob job, JobLock lock, Instant fire, String why) {
        ExportRun planned = RunAttempt.planned(services, job, lock.token(), Trigger.SCHEDULED);
        services.ended(
                ledger(lock).end(planned.toBuilder().fireTime(fire).note(why).build(), RunStatus.DROPPED));
    }

    public <T> ExportRun sendTestRecord(ExportJob job, JobLock lock, ExportDefinition<T> definition, String key) {
        return attempt(job, lock, Trigger.TEST, (staging, planned) -> staging.record(planned, definition, key));
    }

    public ExportRun redeliver(ExportJob job, JobLock lock, ExportRun original) {
        return attempt(job, lock, Trigger.REDELIVERY, (staging, planned) -> staging.copy(planned, original));
    }

    public ExportRun reExport(ExportJob job, JobLock lock, ExportRun original) {
        checkCanBeReadAgain(job, original.windows().keySet());
        long sequence = original.sequence().orElse(0);
        return attempt(job, lock, Trigger.RE_EXPORT, (staging, planned) -> {
            ExportRun run = staging.windows(planned, original.windows(), sequence, "-re" + planned.number());
            long fewer = original.rows() - run.rows();
            String note = "the window of run " + original.number() + " again"
                    + (fewer > 0 ? ", with " + fewer + " rows fewer, which changed since" : "");
            return ledger(lock)
                    .save(run.toBuilder()
                            .note(run.note().isEmpty() ? note : note + "; " + run.note())
                            .build());
        });
    }

    public ExportRun backfill(ExportJob job, JobLock lock, String definition, Window window) {
        checkCanBeReadAgain(job, Set.of(definition));
        long sequence = services.store().positions(job.name()).sequence();
        return attempt(
                job,
                lock,
                Trigger.BACKFILL,
                (staging, planned) -> staging.windows(
                        planned, Map.of(definition, window), sequence, "-backfill-" + planned.number()));
    }

    /** What changed between two snapshots can't be read off a third. */
    private static void checkCanBeReadAgain(ExportJob job, Set<String> definitions) {
        for (ExportDefinition<?> definition : job.definitions()) {
            if (definition.changes().isPresent() && definitions.contains(definition.name())) {
                throw new IllegalStateException(definition + " delivers changes, which can't be read again: redeliver()"
                        + " sends the same bytes, and after resetPosition(...) all rows are delivered as added"
                        + Context.of(job));
            }
        }
    }

    /** Sends a held run. */
    public ExportRun release(ExportJob job, JobLock lock, ExportRun held) {
        RunLedger ledger = ledger(lock);
        ExportRun released = RunLog.with(held, services.clock().instant(), RunPhase.RELEASED);
        ExportRun staged = ledger.save(released.toBuilder()
                .status(RunStatus.STAGED)
                .token(lock.token())
                .note(held.note() + "; released")
                .build());
        try (TimeLimits.Limit limit = services.timeLimits().begin(job);
                RunMeter meter = services.meters().begin(staged)) {
            return new RunAttempt(services, job, ledger, limit, meter, staged).goOn();
        }
    }

    /** Ends a run that published nothing; positions stay. */
    public ExportRun discard(ExportJob job, JobLock lock, ExportRun run) {
        RunLedger ledger = ledger(lock);
        Deliverer.discard(job, ledger, services, run);
        services.spool().delete(run.number());
        return services.ended(
                ledger.end(run.toBuilder().note(run.note() + "; discarded").build(), RunStatus.DROPPED));
    }

    /** Ends a partly published run; positions move, and what is missing is on record. */
    public ExportRun giveUp(JobLock lock, ExportRun run, String reason) {
        ExportRun givenUp = run.toBuilder()
                .deliveries(run.deliveries().stream()
                        .map(step -> step.settled() ? step : step.toUnknown())
                        .toList())
                .note("given up: " + reason)
                .build();
        RunLedger ledger = ledger(lock);
        return services.ended(ledger.commit(ledger.save(givenUp)));
    }

    /** Sets a position by hand. */
    public ExportRun resetPosition(
            ExportJob job, JobLock lock, ExportDefinition<?> definition, Position position, String reason) {
        String from = services.store()
                .positions(job.name())
                .position(definition.name())
                .map(Position::toString)
                .orElse("the beginning");
        return setPositions(
                job,
                lock,
                Map.of(definition.name(), position),
                "position of '" + definition.name() + "' set from " + from + " to " + position + ": " + reason);
    }

    /** Sets the positions from which a job begins that has none yet, if it does not begin at the beginning. */
    public void begin(ExportJob job, JobLock lock) {
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

    private Position now(ExportJob job, ExportDefinition<?> definition) {
        try (PlannedExport<?> export =
                PlannedExport.open(definition, job.parameters(), Optional.empty(), services.clock(), Context.of(job))) {
            return export.window().until();
        }
    }

    private ExportRun setPositions(ExportJob job, JobLock lock, Map<String, Position> positions, String note) {
        ExportRun planned = RunAttempt.planned(services, job, lock.token(), Trigger.POSITION_RESET);
        RunLedger ledger = ledger(lock);
        ExportRun run = ledger.save(planned.toBuilder().note(note).build());
        keepWhatWasDelivered(job, run.number(), positions.keySet());
        return services.ended(ledger.setPositions(run, positions));
    }

    /** The run of a reset is the one that counts from now on: nothing was delivered of what it resets, and the rest stays. */
    private void keepWhatWasDelivered(ExportJob job, long run, Set<String> reset) {
        long before = services.store().positions(job.name()).run();
        Spool spool = services.spool();
        try {
            for (ExportDefinition<?> definition : job.definitions()) {
                String name = definition.name();
                if (!reset.contains(name)) {
                    DeliveredRows.carry(spool.seen(before, name), spool.seen(run, name));
                    DeliveredRows.carry(spool.delivered(before, name), spool.delivered(run, name));
                } else if (definition.changes().isPresent()) {
                    DeliveredRows.writeNone(
                            spool.delivered(run, name),
                            definition.changes().get().keyColumns());
                }
            }
        } catch (IOException e) {
            throw spool.cantWrite(run, e);
        }
    }

    /** Forgets a job; one that the engine does not have is known by its name only. */
    public void remove(String name, Optional<ExportJob> job, JobLock lock, History history) {
        for (ExportRun run : services.store().unfinishedRuns(name)) {
            if (run.status() == RunStatus.HELD || Recovery.mustBeFinished(run)) {
                throw new AlreadyRunningException(run + " is not finished: "
                        + (job.isPresent() ? "" : "add the job again, then ")
                        + (run.status() == RunStatus.HELD ? "release it or discard it" : "let it finish, or give it up")
                        + " before the job is removed" + Context.of(run));
            }
        }
        job.ifPresent(known -> finishInterrupted(known, lock)); // drops the others
        services.store().removeJob(lock, history, run -> services.spool().delete(run.number()));
    }

    /** Forgets runs that ended before a time, with their files; never the one that says what was delivered last. */
    public void prune(ExportJob job, Instant endedBefore) {
        Instant last = services.store()
                .run(services.store().positions(job.name()).run())
                .flatMap(ExportRun::endedAt)
                .orElse(endedBefore);
        services.store()
                .prune(
                        job.name(),
                        last.isBefore(endedBefore) ? last : endedBefore,
                        run -> services.spool().delete(run.number()));
    }

    private ExportRun attempt(
            ExportJob job, JobLock lock, Trigger trigger, BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        return attempt(job, lock, RunAttempt.planned(services, job, lock.token(), trigger), stage);
    }

    private ExportRun attempt(
            ExportJob job, JobLock lock, ExportRun first, BiFunction<RunStaging, ExportRun, ExportRun> stage) {
        RunLedger ledger = ledger(lock);
        try (TimeLimits.Limit limit = services.timeLimits().begin(job);
                RunMeter meter = services.meters().begin(first)) {
            RunStaging staging = new RunStaging(services, job, ledger, meter);
            return new RunAttempt(services, job, ledger, limit, meter, first)
                    .go(planned -> stage.apply(staging, planned));
        }
    }

    private RunLedger ledger(JobLock lock) {
        return new RunLedger(services, lock);
    }
}
