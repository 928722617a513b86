package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.delivery.DeliverySteps;
import io.outfeed.internal.delivery.Destinations;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.delivery.StagedBytes;
import io.outfeed.internal.event.RepeatedWarnings;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.WatchRecord;
import io.outfeed.run.file.WatchState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the delivered files of a job's last run until the next one commits, and those of the last scheduled run until
 * the next scheduled one does, and copies vanished ones again. The
 * result of an inspection is saved before a file is copied. Thread-safe.
 */
public final class DeliveryWatch {

    private static final Logger log = LoggerFactory.getLogger(DeliveryWatch.class);

    private final RunServices services;

    public DeliveryWatch(RunServices services) {
        this.services = services;
    }

    /** Returns when the next inspection is due: all files of a run are inspected together. */
    public Optional<Instant> next(ExportJob job) {
        if (job.watch().isEmpty()) {
            return Optional.empty();
        }
        DeliveredFileWatch watch = job.watch().get();
        List<FileDelivery> steps =
                watchedRuns(job).stream().flatMap(run -> run.steps().stream()).toList();
        boolean missing = steps.stream().anyMatch(step -> record(step).state() == WatchState.MISSING);
        return steps.stream()
                .map(step -> record(step).lastLooked().or(step::publishedAt).orElseThrow())
                .max(Comparator.naturalOrder())
                .map(last -> nextAfter(job, watch, last, missing));
    }

    /** A missing file is copied as soon as the delivery window opens, however long the interval is. */
    private static Instant nextAfter(ExportJob job, DeliveredFileWatch watch, Instant last, boolean missing) {
        Instant next = last.plus(watch.interval());
        return job.deliveryWindow()
                .filter(window -> missing && !window.isOpen(last))
                .map(window -> window.nextOpening(last))
                .filter(next::isAfter)
                .orElse(next);
    }

    private static boolean mayCopy(ExportJob job, Instant at) {
        return job.deliveryWindow().filter(window -> !window.isOpen(at)).isEmpty();
    }

    /**
     * Inspects each watched file once.
     *
     * @param warnings what was logged by the inspections before
     */
    void inspect(ExportJob job, RunLedger ledger, RepeatedWarnings warnings) {
        if (job.watch().isPresent()) {
            watchedRuns(job).forEach(watched -> inspect(job, ledger, warnings, watched));
        }
    }

    private void inspect(ExportJob job, RunLedger ledger, RepeatedWarnings warnings, WatchedRun watched) {
        Map<String, List<FileDelivery>> steps = new LinkedHashMap<>();
        watched.steps()
                .forEach(step -> steps.computeIfAbsent(step.delivery(), id -> new ArrayList<>())
                        .add(step));
        ExportRun run = watched.run();
        try (Destinations destinations = new Destinations(
                job.deliveries(), services.deliveryResources(), KnownDirectories.unchanged(services.states(), job))) {
            for (Map.Entry<String, List<FileDelivery>> entry : steps.entrySet()) {
                DestinationInspection inspection = new DestinationInspection(
                        job, job.watch().get(), ledger, warnings, destinations, entry.getKey(), run);
                inspection.inspectAll(entry.getValue());
                run = inspection.run;
            }
        }
    }

    /** A run with its files that are watched. */
    private record WatchedRun(ExportRun run, List<FileDelivery> steps) {}

    /**
     * Returns the run that moved the positions last: a newer one ends the watch of the previous one. A run on request
     * does not end that of a scheduled run, unless its file has the same place.
     */
    private List<WatchedRun> watchedRuns(ExportJob job) {
        List<WatchedRun> all = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (ExportRun run : lastRuns(job)) {
            List<FileDelivery> steps = watched(job, run)
                    .filter(step -> !places.contains(place(step)))
                    .toList();
            steps.forEach(step -> places.add(place(step)));
            all.add(new WatchedRun(run, steps));
        }
        return all;
    }

    private static String place(FileDelivery step) {
        return step.delivery() + "\n"
                + SafeName.withoutCase(step.receipt().orElseThrow().location());
    }

    private List<ExportRun> lastRuns(ExportJob job) {
        Optional<ExportRun> newest = services.store()
                .run(services.store().positions(job.name()).run())
                .filter(run -> run.status().ended());
        if (newest.isEmpty() || newest.get().trigger() == Trigger.SCHEDULED) {
            return newest.stream().toList();
        }
        return Stream.concat(
                        newest.stream(),
                        services
                                .store()
                                .runs(RunQuery.ofJob(job.name())
                                        .status(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.GIVEN_UP)
                                        .trigger(Trigger.SCHEDULED)
                                        .below(newest.get().number())
                                        .limit(1))
                                .stream())
                .toList();
    }

    private Stream<FileDelivery> watched(ExportJob job, ExportRun run) {
        return run.deliveries().stream()
                .filter(FileDelivery::remains)
                .filter(step -> !step.assumed()) // a receiver may have taken it: it would be sent twice
                .filter(step -> !Retention.isOver(job, step, services.clock().instant()))
                .filter(step -> !record(step).state().ended())
                .filter(step -> job.deliveries().stream()
                        .anyMatch(delivery -> delivery.id().equals(step.delivery())));
    }

    private static WatchRecord record(FileDelivery step) {
        return step.watch().orElse(WatchRecord.NONE);
    }

    /** One inspection of the files of one destination. Used by one thread. */
    private final class DestinationInspection {

        private final ExportJob job;
        private final DeliveredFileWatch watch;
        private final RunLedger ledger;
        private final RepeatedWarnings warnings;
        private final Destinations destinations;
        private final String delivery;
        private final Instant now = services.clock().instant();

        /** Whether the connection broke: some answers are absent then, and the number of missing files is unknown. */
        private boolean broken;

        /** The files that this inspection failed to copy again. */
        private final Set<String> notCopied = new HashSet<>();

        private ExportRun run;

        private DestinationInspection(
                ExportJob job,
                DeliveredFileWatch watch,
                RunLedger ledger,
                RepeatedWarnings warnings,
                Destinations destinations,
                String delivery,
                ExportRun run) {
            this.job = job;
            this.watch = watch;
            this.ledger = ledger;
            this.warnings = warnings;
            this.destinations = destinations;
            this.delivery = delivery;
            this.run = run;
        }

        private void inspectAll(List<FileDelivery> steps) {
            List<Inspection> answers =
                    new ArrayList<>(steps.stream().map(this::inspect).toList());
            Set<FileDelivery> taken = taken(steps, answers);
            if (!broken && warnings.recovered(delivery)) {
                log.info("Delivered files can be inspected at delivery '{}' again", delivery);
            }
            long missing =
                    answers.stream().filter(DestinationInspection::isMissing).count() - taken.size();
            long answered = answers.stream()
                    .filter(answer -> answer.presence() != Inspection.Presence.NOT_SAID)
                    .count();
            boolean many = missing > 1 && missing * 2 > answered;
            Map<Kind, List<FileDelivery>> news = new LinkedHashMap<>();
            List<FileDelivery> toCopy = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                FileDelivery step = steps.get(i);
                FileDelivery next = step.toWatched(
                        taken.contains(step) ? record(step).toTaken(now) : found(step, answers.get(i), many));
                run = DeliverySteps.with(run, step, before -> next);
                kind(step, next, answers.get(i))
                        .ifPresent(kind -> news.computeIfAbsent(kind, key -> new ArrayList<>())
                                .add(next));
                if (record(next).state() == WatchState.MISSING && !broken) {
                    toCopy.add(step);
                }
            }
            run = ledger.save(run);
            news.forEach(this::publishEvent);
            if (!toCopy.isEmpty() && !mayCopy(job, now)) {
                log.info(
                        "{} files are missing at delivery '{}': they are copied again when the delivery window opens",
                        toCopy.size(),
                        delivery);
                return;
            }
            for (FileDelivery step : toCopy) {
                if (staged(step).role() == FileRole.DATA || isEverythingBeforeThere(step)) {
                    copyAgain(step);
                }
            }
        }

        /**
         * Whether all files before a control file are there. A manifest or a done file is copied only after the files
         * that it stands for: its receiver would not find them otherwise.
         */
        private boolean isEverythingBeforeThere(FileDelivery controlFile) {
            return run.deliveries().stream()
                    .filter(step -> step.delivery().equals(delivery))
                    .takeWhile(step -> !step.path().equals(controlFile.path()))
                    .allMatch(this::isThere);
        }

        private boolean isThere(FileDelivery step) {
            WatchState state = record(step).state();
            return step.remains()
                    && (state == WatchState.SEEN || state == WatchState.TAKEN || state == WatchState.RECOPIED)
                    && !notCopied.contains(step.path());
        }

        private Inspection inspect(FileDelivery step) {
            return inspect(step, location(step));
        }

        /**
         * Returns the missing files that are in a folder to which the receiver moves them. Where such a folder gives no
         * answer, it may have the file: its answer becomes that nothing is said.
         */
        private Set<FileDelivery> taken(List<FileDelivery> steps, List<Inspection> answers) {
            Set<FileDelivery> taken = new HashSet<>();
            for (int i = 0; i < steps.size(); i++) {
                FileDelivery step = steps.get(i);
                if (!isMissing(answers.get(i))) {
                    continue;
                }
                List<Inspection> moved = watch.takenInto().stream()
                        .map(folder -> inspect(step, moved(folder, step)))
                        .toList();
                if (moved.stream().anyMatch(answer -> isWhole(step, answer))) {
                    taken.add(step);
                } else if (moved.stream().anyMatch(answer -> answer.presence() == Inspection.Presence.NOT_SAID)) {
                    answers.set(i, Inspection.notSaid());
                }
            }
            return taken;
        }

        private String moved(String folder, FileDelivery step) {
            String location = location(step);
            int name = Math.max(location.lastIndexOf('/'), location.lastIndexOf('\\')) + 1;
            String separator = name == 0 ? "/" : location.substring(name - 1, name);
            return location.substring(0, name) + folder + separator + location.substring(name);
        }

        private boolean isWhole(FileDelivery step, Inspection answer) {
            return answer.presence() == Inspection.Presence.PRESENT
                    && answer.bytes() == staged(step).bytes();
        }

        private Inspection inspect(FileDelivery step, String location) {
            if (broken) {
                return Inspection.notSaid();
            }
            try {
                return HostCalls.callDelivery(
                        delivery,
                        "can't check whether " + step.path() + " is at delivery '" + delivery + "'" + Context.of(run),
                        () -> destinations.session(delivery).inspect(location));
            } catch (DeliveryException e) {
                broken = true;
                if (warnings.isNews(delivery, e.code(), now)) {
                    log.warn(
                            "Delivered files can't be inspected at delivery '{}', nothing is copied until they can: {}",
                            delivery,
                            e.getMessage());
                } else {
                    log.debug("Delivered files can't be inspected at delivery '{}': {}", delivery, e.getMessage());
                }
                destinations.reset(delivery);
                return Inspection.notSaid();
            }
        }

        private static boolean isMissing(Inspection answer) {
            return answer.presence() == Inspection.Presence.MISSING
                    || answer.presence() == Inspection.Presence.DIRECTORY_MISSING;
        }

        private WatchRecord found(FileDelivery step, Inspection answer, boolean many) {
            WatchRecord before = record(step);
            return switch (answer.presence()) {
                case PRESENT -> isSame(step, answer) ? before.toSeen(now, answer.modifiedAt()) : before.toConflict(now);
                case OTHER -> before.toConflict(now);
                case NOT_SAID -> before.toLooked(now);
                case DIRECTORY_MISSING -> before.toMissing(WatchState.HELD, now);
                case MISSING -> broken ? before.toLooked(now) : missing(before, many);
            };
        }

        /** A file of another size or time was put there by the receiver, or by another program. */
        private boolean isSame(FileDelivery step, Inspection answer) {
            return answer.bytes() == staged(step).bytes() && Retention.isOfTime(step, answer);
        }

        private WatchRecord missing(WatchRecord before, boolean many) {
            if (many || before.state() == WatchState.HELD) {
                return before.toMissing(WatchState.HELD, now);
            }
            boolean usedUp = before.recopied() >= watch.recopies();
            return before.toMissing(usedUp ? WatchState.VANISHED : WatchState.MISSING, now);
        }

        /** Returns the event for a change of state; empty if the state is the same. */
        private static Optional<Kind> kind(FileDelivery step, FileDelivery next, Inspection answer) {
            WatchState state = record(next).state();
            if (state == record(step).state()) {
                return Optional.empty();
            }
            return switch (state) {
                case CONFLICT -> Optional.of(Kind.CONFLICT);
                case VANISHED -> Optional.of(Kind.VANISHED_AGAIN);
                case HELD ->
                    Optional.of(
                            answer.presence() == Inspection.Presence.DIRECTORY_MISSING
                                    ? Kind.DIRECTORY_MISSING
                                    : Kind.MANY_MISSING);
                case NOT_SAID, SEEN, TAKEN, MISSING, RECOPIED -> Optional.empty();
            };
        }

        private void publishEvent(Kind kind, List<FileDelivery> files) {
            services.listeners().publish(new DeliveredFilesEvent(kind, run, delivery, files));
        }

        private void copyAgain(FileDelivery step) {
            OutgoingFile file = outgoing(step);
            try {
                PreparedFile prepared = prepare(step, file);
                run = ledger.save(DeliverySteps.with(
                        run, step, counted -> counted.toWatched(record(counted).toRecopied())));
                publish(prepared, file);
            } catch (DeliveryException e) {
                notCopied.add(step.path());
                if (warnings.isNews(copyOf(step), e.code(), now)) {
                    log.warn(
                            "{} could not be copied again to delivery '{}', the next inspection tries it: {}",
                            step.path(),
                            delivery,
                            e.getMessage(),
                            Redacted.of(e));
                } else {
                    log.debug("{} could not be copied again to delivery '{}'", step.path(), delivery, Redacted.of(e));
                }
                discard(file);
                if (!triedBefore(step)) {
                    publishEvent(Kind.NOT_RECOPIED, List.of(current(step)));
                }
                return;
            }
            warnings.recovered(copyOf(step));
            publishEvent(Kind.RECOPIED, List.of(current(step)));
        }

        private String copyOf(FileDelivery step) {
            return delivery + " " + step.path();
        }

        private boolean triedBefore(FileDelivery step) {
            WatchRecord before = record(step);
            return before.state() == WatchState.MISSING
                    && before.lastLooked().filter(at -> mayCopy(job, at)).isPresent();
        }

        private PreparedFile prepare(FileDelivery step, OutgoingFile file) {
            provide(step);
            PreparedFile prepared = HostCalls.callDelivery(
                    delivery,
                    "can't upload " + step.path() + " again" + Context.of(run),
                    () -> destinations.sessionFor(run, delivery).prepare(file));
            if (!prepared.location().equals(location(step))) {
                throw DeliveryException.permanent(
                        delivery,
                        step.path() + " was delivered to " + location(step) + " and would go to " + prepared.location()
                                + " now: the delivery was changed" + Context.of(run),
                        null);
            }
            return prepared;
        }

        private void provide(FileDelivery step) {
            try {
                StagedBytes.provide(services.bytes(), run, step);
            } catch (StoreException e) { // the spool: the next inspection tries it again
                throw DeliveryException.of(e.code(), delivery, String.valueOf(e.getMessage()), e);
            }
        }

        private void publish(PreparedFile prepared, OutgoingFile file) {
            Optional<DeliveryReceipt> receipt = HostCalls.callDelivery(
                    delivery,
                    "can't make " + file.file().path() + " visible again" + Context.of(run),
                    () -> destinations.sessionFor(run, delivery).publish(prepared, file));
            if (receipt.isEmpty()) {
                throw DeliveryException.of(
                        FailureCode.TEMPORARY_TAKEN,
                        delivery,
                        "the temporary file of " + file.file().path() + " disappears before it can be renamed: find out"
                                + " what removes it" + Context.of(run),
                        null);
            }
        }

        private void discard(OutgoingFile file) {
            destinations.reset(delivery);
            try {
                HostCalls.callDelivery(delivery, "can't remove a temporary file", () -> {
                    destinations.session(delivery).discard(file);
                    return true;
                });
            } catch (DeliveryException e) {
                log.debug(
                        "A temporary file may be left at delivery '{}'; it is hidden and harmless",
                        delivery,
                        Redacted.of(e));
            }
        }

        private FileDelivery current(FileDelivery step) {
            return run.deliveries().stream()
                    .filter(candidate -> candidate.path().equals(step.path()))
                    .filter(candidate -> candidate.delivery().equals(delivery))
                    .findFirst()
                    .orElseThrow();
        }

        /** A file that is copied again never overwrites another, whatever the job's {@link IfExists} says. */
        private OutgoingFile outgoing(FileDelivery step) {
            StagedFile file = staged(step);
            Path content = services.directory().path(run.number(), file);
            OutgoingFile again =
                    new OutgoingFile(run.job(), run.number(), ledger.token(), file, content, IfExists.FAIL);
            StagedFile keptBoth = again.keptBoth();
            return location(step).endsWith(keptBoth.path())
                    ? new OutgoingFile(run.job(), run.number(), ledger.token(), keptBoth, content, IfExists.FAIL)
                    : again;
        }

        private StagedFile staged(FileDelivery step) {
            return DeliverySteps.file(run, step);
        }

        private static String location(FileDelivery step) {
            return step.receipt().orElseThrow().location();
        }
    }
}
