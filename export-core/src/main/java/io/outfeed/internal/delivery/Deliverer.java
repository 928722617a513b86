package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.ControlFiles;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.maintenance.Retention;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.spool.Spool;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.DeliveryState;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the staged files of one run to its destinations: upload all, then make them visible one by one. */
public final class Deliverer {

    private static final Logger log = LoggerFactory.getLogger(Deliverer.class);

    private final ExportJob job;
    private final RunLedger ledger;
    private final RunServices services;
    private final RunMeter meter;

    private final Staged staged;

    /** The paths of files that have been read since they were staged before, and are what the ledger has. */
    private final Set<String> asStaged = new HashSet<>();

    /** What had to be tried again, by delivery, since its last line in the log. */
    private final Map<String, Integer> triedAgain = new HashMap<>();

    /** When the files were staged: what has lain in the spool since is checked before it is sent. */
    public enum Staged {
        NOW,
        BEFORE
    }

    public Deliverer(ExportJob job, RunLedger ledger, RunServices services, RunMeter meter, Staged staged) {
        this.job = job;
        this.ledger = ledger;
        this.services = services;
        this.meter = meter;
        this.staged = staged;
    }

    /**
     * Uploads and publishes a run that is staged.
     *
     * @return the run with a receipt for each file at each destination
     * @throws OldFileException if it waits for a receiver to take an old file: nothing was published
     */
    public ExportRun deliver(ExportRun staged) throws OldFileException {
        try (Destinations destinations = new Destinations(job.deliveries())) {
            meter.sending(Step.UPLOADING, bytes(staged, staged.deliveries().stream()));
            ExportRun prepared = prepare(staged, destinations);
            ExportRun publishing = ledger.save(
                    prepared.toBuilder().status(RunStatus.PUBLISHING).build());
            return publish(publishing, destinations, Before.NOT_TRIED);
        }
    }

    /**
     * Finishes a run whose publication was interrupted: its own bytes, nothing else.
     *
     * @return the run with a receipt for each file at each destination that the job still has
     */
    public ExportRun finish(ExportRun interrupted) {
        try (Destinations destinations = new Destinations(job.deliveries())) {
            return publish(interrupted, destinations, Before.MAY_HAVE_BEEN_TRIED);
        }
    }

    /**
     * Sends copies of a committed run, if the job wants any. What fails is logged, and stays on record as not published, with what
     * comes after it: what follows the commit can't fail the run.
     *
     * @return the run with what became of each copy
     */
    public ExportRun copy(ExportRun committed) {
        boolean wanted = committed.trigger().movesPositions() && committed.status() == RunStatus.COMMITTED;
        if (!wanted || job.copies().isEmpty()) {
            return committed;
        }
        meter.sending(Step.COPYING, committed.bytes() * job.copies().size());
        ExportRun run = committed;
        try (Destinations destinations = new Destinations(job.copies())) {
            for (Delivery delivery : job.copies()) {
                boolean failed = false;
                for (StagedFile file : committed.files()) {
                    FileDelivery pending = FileDelivery.pending(delivery.id(), file.path());
                    FileDelivery copied = failed ? pending : copy(run, pending, destinations);
                    failed = !copied.settled();
                    List<FileDelivery> steps = new ArrayList<>(run.deliveries());
                    steps.add(copied);
                    run = ledger.save(run.toBuilder().deliveries(steps).build());
                }
                run = ledger.save(logIfDone(run, delivery.id(), DeliveryState.PUBLISHED, RunPhase.COPIED));
            }
        }
        return run;
    }

    private FileDelivery copy(ExportRun run, FileDelivery step, Destinations destinations) {
        meter.sending(step.delivery(), file(run, step));
        try {
            FileDelivery prepared = step.toPrepared(upload(run, step, destinations));
            Optional<DeliveryReceipt> receipt = rename(run, prepared, destinations, Before.NOT_TRIED);
            meter.fileIsDone();
            return receipt.isPresent()
                    ? prepared.toPublished(receipt.get(), services.clock().instant())
                    : step;
        } catch (DeliveryException e) {
            log.warn(
                    "The copy of {} did not reach delivery '{}'; the run is not affected (job={}, run={}): {}",
                    step.path(),
                    step.delivery(),
                    run.job(),
                    run.number(),
                    e.getMessage(),
                    e);
            destinations.reset(step.delivery());
            discard(run, step, destinations);
            return step;
        }
    }

    /** Removes what a run that published nothing has uploaded. What can't be removed is logged and stays. */
    public static void discard(ExportJob job, RunLedger ledger, RunServices services, ExportRun run) {
        new Deliverer(job, ledger, services, RunMeter.unseen(run, services.clock()), Staged.BEFORE).discard(run);
    }

    private void discard(ExportRun run) {
        try (Destinations destinations = new Destinations(job.deliveries())) {
            for (FileDelivery step : run.deliveries()) {
                if (!destinations.has(step.delivery())) {
                    continue;
                }
                discard(run, step, destinations);
            }
        }
    }

    private void discard(ExportRun run, FileDelivery step, Destinations destinations) {
        discard(run, step, run.token(), destinations);
    }

    private void discard(ExportRun run, FileDelivery step, long token, Destinations destinations) {
        try {
            HostCalls.delivery(step.delivery(), "can't remove a temporary file", () -> {
                destinations.session(step.delivery()).discard(outgoing(run, step, token));
                return true;
            });
        } catch (ExportException e) {
            log.warn(
                    "A temporary file may be left at delivery '{}'; it is hidden and harmless (job={}, run={})",
                    step.delivery(),
                    run.job(),
                    run.number(),
                    e);
        }
    }

    private ExportRun prepare(ExportRun run, Destinations destinations) throws OldFileException {
        ExportRun current = run;
        for (FileDelivery step : run.deliveries()) {
            meter.sending(step.delivery(), file(run, step));
            try {
                current = with(current, step, to -> to.toPrepared(upload(run, step, destinations)));
                meter.fileIsDone();
            } catch (DeliveryException e) {
                if (waits(run, step, e)) {
                    throw new OldFileException(step);
                }
                throw e;
            }
            current = logIfDone(current, step.delivery(), DeliveryState.PREPARED, RunPhase.PREPARED);
        }
        return current;
    }

    /** Adds a line to the log when a destination has come so far with all files. */
    private ExportRun logIfDone(ExportRun run, String delivery, DeliveryState state, RunPhase phase) {
        boolean done = run.deliveries().stream()
                .filter(step -> step.delivery().equals(delivery))
                .allMatch(step -> step.state() == state);
        return done ? RunLog.with(run, services.clock().instant(), phase, delivery, attempts(delivery)) : run;
    }

    private int attempts(String delivery) {
        Integer again = triedAgain.remove(delivery);
        return again == null ? 1 : again + 1;
    }

    private boolean waits(ExportRun run, FileDelivery step, DeliveryException e) {
        return e.occupied() && outgoing(run, step, ledger.token()).ifExists() == IfExists.WAIT;
    }

    private PreparedFile upload(ExportRun run, FileDelivery step, Destinations destinations) {
        requireBytes(run, step);
        PreparedFile prepared = retrying(
                run,
                step,
                destinations,
                attempt -> destinations.sending(run, step.delivery()).prepare(outgoing(run, step, ledger.token())));
        if (prepared.temporary().isPresent()) {
            meter.fileIsThere();
        }
        return prepared;
    }

    /** Whether somebody may have renamed a temporary file before: then its absence says that it is published. */
    private enum Before {
        NOT_TRIED,
        MAY_HAVE_BEEN_TRIED
    }

    /**
     * Tries every destination, even if one fails; then throws the gravest failure. At a destination files appear in their order, and
     * what comes after a failure is not tried: a manifest must not be seen before what it lists.
     */
    private ExportRun publish(ExportRun run, Destinations destinations, Before before) {
        ExportRun current = run.toBuilder().attempts(run.attempts() + 1).build();
        DeliveryException first = null;
        Set<String> begun = new HashSet<>();
        Set<String> failing = new HashSet<>();
        meter.sending(Step.PUBLISHING, bytes(run, run.deliveries().stream().filter(step -> !step.settled())));
        for (FileDelivery step : run.deliveries()) {
            if (step.settled() || failing.contains(step.delivery())) {
                continue;
            }
            meter.sending(step.delivery(), file(run, step));
            Before tried = begun.add(step.delivery()) ? before : Before.NOT_TRIED; // one is on record before the next
            try {
                current = told(publish(current, step, destinations, tried), step.delivery());
                meter.fileIsDone();
            } catch (DeliveryException e) {
                failing.add(step.delivery());
                destinations.reset(step.delivery());
                first = worst(first, e);
                ExportRun failed =
                        RunLog.withFailure(current, services.clock().instant(), e, attempts(step.delivery()));
                current = ledger.save(
                        failed.toBuilder().failure(RunLedger.failure(first)).build());
            }
        }
        if (first != null) {
            throw first;
        }
        return current;
    }

    /** Tells of a destination that has all files. */
    private ExportRun told(ExportRun run, String delivery) {
        ExportRun logged = logIfDone(run, delivery, DeliveryState.PUBLISHED, RunPhase.PUBLISHED);
        if (logged != run) {
            List<FileDelivery> steps = run.deliveries().stream()
                    .filter(step -> step.delivery().equals(delivery))
                    .toList();
            services.listeners().deliveredFiles(new DeliveredFilesEvent(Kind.DELIVERED, logged, delivery, steps));
        }
        return logged;
    }

    private ExportRun publish(ExportRun run, FileDelivery step, Destinations destinations, Before before) {
        if (!destinations.has(step.delivery())) {
            log.warn(
                    "The job no longer has delivery '{}': {} is not sent there (job={}, run={})",
                    step.delivery(),
                    step.path(),
                    run.job(),
                    run.number());
            return ledger.save(with(run, step, FileDelivery::toRemoved));
        }
        Optional<DeliveryReceipt> receipt;
        try {
            receipt = rename(run, step, destinations, before);
        } catch (DeliveryException e) {
            if (!e.occupied()) {
                throw e;
            }
            return occupied(run, step, destinations, e);
        }
        if (receipt.isEmpty()) {
            return uploadAgain(run, step, destinations);
        }
        return ledger.save(with(
                run, step, to -> to.toPublished(receipt.get(), services.clock().instant())));
    }

    /** Somebody has put a file of that name there since the upload; the temporary file still waits beside it. */
    private ExportRun occupied(ExportRun run, FileDelivery step, Destinations destinations, DeliveryException e) {
        return switch (outgoing(run, step, ledger.token()).ifExists()) {
            case KEEP_BOTH -> {
                ExportRun published = uploadUnderAnotherName(run, step, destinations);
                if (run.token() != ledger.token()) { // the upload of the owner who was interrupted
                    discard(published, step, run.token(), destinations);
                }
                yield published;
            }
            case WAIT ->
                throw DeliveryException.retryable(
                        step.delivery(),
                        "a file " + step.path() + " appeared at delivery '" + step.delivery()
                                + "' while the run was on its way: the run goes on when it is taken" + Context.of(run),
                        e);
            case FAIL, REPLACE -> throw e;
        };
    }

    /** The temporary file is gone although nobody can have renamed it: something at the destination removed it. */
    private ExportRun uploadAgain(ExportRun run, FileDelivery step, Destinations destinations) {
        log.warn(
                "The temporary file of {} is gone from delivery '{}': uploading it again (job={}, run={})",
                step.path(),
                step.delivery(),
                run.job(),
                run.number());
        return uploadUnderAnotherName(run, step, destinations);
    }

    /** Another temporary name if the owner is another, and for KEEP_BOTH perhaps another final one: on record first. */
    private ExportRun uploadUnderAnotherName(ExportRun run, FileDelivery step, Destinations destinations) {
        ledger.save(run); // fails if another owner has the job, who may have renamed it
        meter.doing(Step.UPLOADING);
        PreparedFile prepared = upload(run, step, destinations);
        meter.doing(Step.PUBLISHING);
        ExportRun again = ledger.save(with(run, step, to -> to.toPrepared(prepared)));
        FileDelivery next = step.toPrepared(prepared);
        DeliveryReceipt receipt = rename(again, next, destinations, Before.NOT_TRIED)
                .orElseThrow(() -> DeliveryException.permanent(
                        step.delivery(),
                        "the temporary file of " + step.path() + " disappears at delivery '" + step.delivery()
                                + "' before it can be renamed: find out what removes it" + Context.of(run),
                        null));
        return ledger.save(
                with(again, next, to -> to.toPublished(receipt, services.clock().instant())));
    }

    /** The receipt; empty if the temporary file is gone and nobody can have renamed it. */
    private Optional<DeliveryReceipt> rename(
            ExportRun run, FileDelivery step, Destinations destinations, Before before) {
        PreparedFile prepared = step.prepared().orElseThrow();
        if (prepared.temporary().isEmpty()) {
            requireBytes(run, step);
        }
        Optional<DeliveryReceipt> acknowledged = retrying(run, step, destinations, attempt -> {
            Optional<DeliveryReceipt> receipt =
                    destinations.sending(run, step.delivery()).publish(prepared, outgoing(run, step, ledger.token()));
            boolean renamedBefore = receipt.isEmpty() && (attempt > 1 || before == Before.MAY_HAVE_BEEN_TRIED);
            return renamedBefore
                    ? Optional.of(new DeliveryReceipt(prepared.location(), Publication.INFERRED))
                    : receipt;
        });
        if (prepared.temporary().isEmpty()) {
            meter.fileIsThere();
        }
        return acknowledged;
    }

    private interface Operation<R> {
        R attempt(int number) throws Exception;
    }

    /** Tries again, over a new connection, what trying may mend. */
    private <R> R retrying(ExportRun run, FileDelivery step, Destinations destinations, Operation<R> operation) {
        for (int attempt = 1; ; attempt++) {
            int number = attempt;
            try {
                return HostCalls.delivery(
                        step.delivery(),
                        "delivery '" + step.delivery() + "' failed at the file " + step.path() + Context.of(run),
                        () -> operation.attempt(number));
            } catch (DeliveryException e) {
                destinations.reset(step.delivery());
                if (!e.retryable() || !services.retries().again(number)) {
                    throw e;
                }
                triedAgain.merge(step.delivery(), 1, Integer::sum);
                log.info(
                        "Attempt {} at delivery '{}' failed, trying again: {}",
                        number,
                        step.delivery(),
                        e.getMessage());
            }
        }
    }

    /**
     * The bytes that the ledger has are there. Where nodes share a store and no directory, a node may have to finish what another has
     * staged; and what has lain on a disk may not be what it was.
     */
    private void requireBytes(ExportRun run, FileDelivery step) {
        StagedFile file = file(run, step);
        if (!Files.exists(services.spool().path(run.number(), file))) {
            throw DeliveryException.permanent(
                    step.delivery(),
                    "the bytes of " + step.path()
                            + " are not in this engine's directory, and no others may follow what may have"
                            + " been published: start the node that staged them, let the nodes share the directory, or call"
                            + " giveUp(reason) on engine.run(" + run.number() + ")" + Context.of(run),
                    null);
        }
        if (staged == Staged.BEFORE && !asStaged.contains(file.path())) {
            String whatToDo = run.status() == RunStatus.PUBLISHING
                    ? "put the file back as it was, or call giveUp(reason) on engine.run(" + run.number() + ")"
                    : "find out what has changed them";
            requireAsStaged(services.spool(), run, step, whatToDo);
            asStaged.add(file.path());
        }
    }

    /** Reads what is about to be sent: a disk that rots, or somebody who edits a file, must not speak in the run's name. */
    public static void requireAsStaged(Spool spool, ExportRun run, FileDelivery step, String whatToDo) {
        boolean same = HostCalls.delivery(
                step.delivery(),
                "can't read " + step.path() + " in this engine's directory" + Context.of(run),
                () -> spool.isAsStaged(run.number(), file(run, step)));
        if (!same) {
            throw DeliveryException.permanent(
                    step.delivery(),
                    "the bytes of " + step.path()
                            + " in this engine's directory are not those that were staged, and are not sent: "
                            + whatToDo
                            + Context.of(run),
                    null);
        }
    }

    private static StagedFile file(ExportRun run, FileDelivery step) {
        return Retention.staged(run, step);
    }

    private static long bytes(ExportRun run, Stream<FileDelivery> steps) {
        return steps.mapToLong(step -> file(run, step).bytes()).sum();
    }

    private OutgoingFile outgoing(ExportRun run, FileDelivery step, long token) {
        StagedFile file = file(run, step);
        return new OutgoingFile(
                run.job(),
                run.number(),
                token,
                file,
                services.spool().path(run.number(), file),
                ifExists(run, file.definition()),
                meter.fileSent());
    }

    /** What is made again beside the regular files never replaces one of them. */
    private IfExists ifExists(ExportRun run, String definition) {
        if (run.trigger() == Trigger.RE_EXPORT || run.trigger() == Trigger.BACKFILL) {
            return IfExists.FAIL;
        }
        return ControlFiles.ifExists(job, definition);
    }

    /** The run with one of its steps changed. */
    public static ExportRun with(ExportRun run, FileDelivery step, UnaryOperator<FileDelivery> next) {
        List<FileDelivery> deliveries = new ArrayList<>(run.deliveries());
        deliveries.replaceAll(candidate ->
                candidate.delivery().equals(step.delivery()) && candidate.path().equals(step.path())
                        ? next.apply(candidate)
                        : candidate);
        return run.toBuilder().deliveries(deliveries).build();
    }

    /** The failure to report: one that a person must mend comes before one that time may. */
    private static DeliveryException worst(@Nullable DeliveryException first, DeliveryException next) {
        if (first == null) {
            return next;
        }
        boolean graver = first.retryable() && !next.retryable();
        DeliveryException reported = graver ? next : first;
        reported.addSuppressed(graver ? first : next);
        return reported;
    }
}
