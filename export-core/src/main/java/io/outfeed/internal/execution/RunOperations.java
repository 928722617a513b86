package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.file.IfExists;
import io.outfeed.internal.delivery.Deliverer;
import io.outfeed.internal.delivery.PostponedException;
import io.outfeed.internal.delivery.TemporaryFiles;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.files.RunSequence;
import io.outfeed.internal.ledger.AttemptLog;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.run.RunServices;
import io.outfeed.operation.Arrival;
import io.outfeed.operation.Redelivery;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.source.Window;
import io.outfeed.store.JobLock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operations on request that are no regular export: test records, redeliveries, re-exports, backfills, and
 * decisions on held and unconfirmed runs. Thread-safe.
 */
public final class RunOperations {

    private final RunServices services;
    private final Attempts attempts;

    public RunOperations(RunServices services) {
        this.services = services;
        this.attempts = new Attempts(services);
    }

    public <T> ExportRun sendTestRecord(ExportJob job, JobLock lock, ExportDefinition<T> definition, String key) {
        checkWindow(job);
        return attempts.run(
                job, lock, Trigger.TEST, (staging, planned) -> staging.stageRecord(planned, definition, key));
    }

    public ExportRun redeliver(ExportJob job, JobLock lock, ExportRun original, Redelivery options) {
        List<String> all = job.deliveries().stream().map(Delivery::id).toList();
        List<String> chosen = options.deliveries().isEmpty() ? all : options.deliveries();
        if (!all.containsAll(chosen)) {
            throw new IllegalArgumentException("the job has no such deliveries as " + chosen + ", only " + all
                    + ": nothing was sent" + Context.of(original));
        }
        checkWindow(job);
        if (options.existing() == Redelivery.Existing.REPLACE_ONCE) {
            checkReplacesNothingYounger(original, chosen);
        }
        ExportRun planned = RunBuilder.of(attempts.newRun(job, lock, Trigger.REDELIVERY))
                .deliveryIds(chosen)
                .existing(ifExists(options.existing()))
                .build();
        return attempts.run(job, lock, planned, (staging, run) -> staging.stageCopy(run, original));
    }

    /** Settles that files of a run count as taken, once a person knows whether they have arrived. */
    public ExportRun acknowledge(ExportJob job, JobLock lock, ExportRun run, Arrival arrival, String reason) {
        if (!run.unconfirmed()) {
            throw new IllegalStateException("run " + run.number() + " is not unconfirmed: there is nothing to"
                    + " acknowledge, and nothing was changed" + Context.of(run));
        }
        return switch (arrival) {
            case ARRIVED -> acknowledge(lock, run, RunPhase.ACKNOWLEDGED, "acknowledged as arrived: " + reason);
            case SEND_AGAIN -> {
                ExportRun again = sendAssumed(job, lock, run);
                yield acknowledge(
                        lock, run, RunPhase.SENT_AGAIN, "sent again by run " + again.number() + ": " + reason);
            }
        };
    }

    private ExportRun acknowledge(JobLock lock, ExportRun run, RunPhase phase, String note) {
        ExportRun logged = RunLog.with(run, services.clock().instant(), phase);
        return ledger(lock)
                .save(RunBuilder.of(logged)
                        .unconfirmed(false)
                        .note(run.note().isEmpty() ? note : run.note() + "; " + note)
                        .build());
    }

    private ExportRun sendAssumed(ExportJob job, JobLock lock, ExportRun original) {
        List<FileDelivery> missing =
                original.deliveries().stream().filter(FileDelivery::assumed).toList();
        List<String> all = job.deliveries().stream().map(Delivery::id).toList();
        missing.stream()
                .filter(step -> !all.contains(step.delivery()))
                .findFirst()
                .ifPresent(step -> {
                    throw new IllegalStateException("the job no longer has delivery '" + step.delivery()
                            + "', which may miss " + step.path() + ": nothing was sent, and the run is still"
                            + " unconfirmed; add the job with that delivery again" + Context.of(original));
                });
        checkWindow(job);
        ExportRun planned = RunBuilder.of(attempts.newRun(job, lock, Trigger.REDELIVERY))
                .deliveryIds(
                        missing.stream().map(FileDelivery::delivery).distinct().toList())
                .existing(IfExists.FAIL)
                .build();
        return attempts.run(job, lock, planned, (staging, run) -> staging.stageAssumed(run, original));
    }

    private static IfExists ifExists(Redelivery.Existing existing) {
        return switch (existing) {
            case FAIL -> IfExists.FAIL;
            case KEEP_BOTH -> IfExists.KEEP_BOTH;
            case REPLACE_ONCE -> IfExists.REPLACE;
        };
    }

    private void checkReplacesNothingYounger(ExportRun original, List<String> deliveries) {
        new YoungerDeliveries(services.store())
                .find(original.number(), original.files(), deliveries)
                .ifPresent(younger -> {
                    throw new IllegalStateException("run " + younger.run().number() + " of job '"
                            + younger.run().job() + "' has delivered "
                            + younger.step().path() + " at delivery '"
                            + younger.step().delivery() + "' since: the receiver would lose it, and nothing was sent;"
                            + " choose KEEP_BOTH" + Context.of(original));
                });
    }

    public ExportRun reExport(ExportJob job, JobLock lock, ExportRun original) {
        checkWindow(job);
        checkCanBeReadAgain(job, original.windows().keySet());
        RunSequence sequence = RunSequence.of(original);
        return attempts.run(job, lock, Trigger.RE_EXPORT, (staging, planned) -> {
            ExportRun run = staging.stageWindows(planned, original.windows(), sequence, "-re" + planned.number());
            long fewer = original.rows() - run.rows();
            String note = "the window of run " + original.number() + " again"
                    + (fewer > 0 ? ", with " + fewer + " rows fewer, which changed since" : "");
            return staging.saveNote(run, run.note().isEmpty() ? note : note + "; " + run.note());
        });
    }

    public ExportRun backfill(ExportJob job, JobLock lock, String definition, Window window) {
        checkWindow(job);
        checkCanBeReadAgain(job, Set.of(definition));
        RunSequence sequence = RunSequence.last(services.store().positions(job.name()));
        return attempts.run(
                job,
                lock,
                Trigger.BACKFILL,
                (staging, planned) -> staging.stageWindows(
                        planned, Map.of(definition, window), sequence, "-backfill-" + planned.number()));
    }

    /** A request does not wait for the delivery window; its run fails if the window closes before it publishes. */
    private void checkWindow(ExportJob job) {
        try {
            Deliverer.checkWindow(job, services.clock().instant());
        } catch (PostponedException e) {
            throw e.refusal();
        }
    }

    /** The changes between two snapshots can't be read from a third one. */
    public static void checkCanBeReadAgain(ExportJob job, Set<String> definitions) {
        for (ExportDefinition<?> definition : job.definitions()) {
            if (definition.changes().isPresent() && definitions.contains(definition.name())) {
                throw new IllegalStateException(definition + " delivers changes, which can't be read again: redeliver()"
                        + " sends the same bytes, and after resetPosition(...) all rows are delivered as added"
                        + Context.of(job));
            }
        }
    }

    /** Delivers a held run: its bytes stay as they are. */
    public ExportRun release(ExportJob job, JobLock lock, ExportRun held) {
        ExportRun released = RunLog.with(held, services.clock().instant(), RunPhase.RELEASED);
        return attempts.deliver(
                job,
                lock,
                RunBuilder.of(released)
                        .released(true)
                        .note(held.note() + "; released")
                        .build());
    }

    /** Ends a held run that published nothing; the positions stay. */
    public ExportRun discard(ExportJob job, JobLock lock, ExportRun run) {
        ExportRun discarded =
                RunBuilder.of(run).note(run.note() + "; discarded").build();
        return RunEnds.end(services, job, ledger(lock), discarded, RunStatus.DISCARDED);
    }

    /** Ends a run that was cancelled before it published anything; the positions stay. */
    public ExportRun cancel(ExportJob job, JobLock lock, ExportRun run, String reason) {
        ExportRun cancelled = RunBuilder.of(run).note("cancelled: " + reason).build();
        return RunEnds.end(services, job, ledger(lock), cancelled, RunStatus.CANCELLED);
    }

    /** Ends a partly published run: the positions move, and the missing files are recorded. */
    public ExportRun giveUp(ExportJob job, JobLock lock, ExportRun run, String reason) {
        Instant now = services.clock().instant();
        ExportRun givenUp = RunBuilder.of(AttemptLog.end(run, now, Attempt.Outcome.STOPPED, Optional.empty()))
                .status(RunStatus.PUBLISHING)
                .litter(TemporaryFiles.litter(run, now))
                .deliveries(run.deliveries().stream()
                        .map(step -> step.settled() ? step : step.toUnknown())
                        .toList())
                .note("given up: " + reason)
                .build();
        RunLedger ledger = ledger(lock);
        ExportRun saved = ledger.save(givenUp);
        boolean older = services.store().positions(run.job()).run() > run.number(); // an old file was restored
        ExportRun ended = services.publishEnd(older ? ledger.end(saved, RunStatus.GIVEN_UP) : ledger.commit(saved));
        new PositionsAhead(services).pauseAfter(job, ended);
        return ended;
    }

    private RunLedger ledger(JobLock lock) {
        return services.ledger(lock);
    }
}
