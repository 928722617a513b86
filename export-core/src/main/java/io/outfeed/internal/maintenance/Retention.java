package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.error.DeliveryException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveredFilesEvent.Kind;
import io.outfeed.internal.delivery.DeliverySteps;
import io.outfeed.internal.delivery.Destinations;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.event.RepeatedWarnings;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.FileRemoval.Outcome;
import io.outfeed.run.file.WatchRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes delivered files at their destinations when their retention is over: only files that the ledger has as
 * delivered there, not as assumed to be taken, and that still have their size, and their time if a watch has recorded
 * it. Thread-safe.
 */
public final class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    /** How many files one pass settles at most: a wrong setting is noticed before everything is deleted. */
    static final int MAX_PER_PASS = 100;

    /** After how many unanswered deletions a pass gives up on a destination. */
    private static final int MAX_UNANSWERED = 10;

    /** The delay before the files are tried again that a pass has left over. */
    public static final Duration RETRY_DELAY = Duration.ofHours(1);

    /** How long an unavailable destination keeps the history of its runs from being pruned. */
    static final Duration MAX_UNAVAILABLE = Duration.ofDays(30);

    private final RunServices services;

    public Retention(RunServices services) {
        this.services = services;
    }

    static boolean isOver(ExportJob job, FileDelivery step, Instant now) {
        return job.retention().isPresent() && !dueAt(job, step).isAfter(now);
    }

    /** Whether a file may be the delivered one by its time of modification, as far as both times are known. */
    static boolean isOfTime(FileDelivery step, Inspection found) {
        Optional<Instant> recorded = step.watch().flatMap(WatchRecord::modifiedAt);
        return recorded.isEmpty() || found.modifiedAt().isEmpty() || recorded.equals(found.modifiedAt());
    }

    private static Instant dueAt(ExportJob job, FileDelivery step) {
        return step.publishedAt().orElseThrow().plus(job.retention().orElseThrow());
    }

    /** Returns before which time runs may be pruned: none whose files may still have to be deleted. */
    public Instant prunable(ExportJob job, Instant endedBefore) {
        if (job.retention().isEmpty()) {
            return endedBefore;
        }
        Instant limit = earlier(
                endedBefore, services.clock().instant().minus(job.retention().get()));
        for (ExportRun run : runsWithFiles(job)) {
            limit = run.endedAt().isPresent() ? earlier(limit, run.endedAt().get()) : limit;
        }
        return limit;
    }

    /**
     * Returns the runs whose files may be at destinations, newest first. Runs whose files are all settled are not read.
     */
    private List<ExportRun> runsWithFiles(ExportJob job) {
        return services.store().runs(RunQuery.ofJob(job.name()).filesRemain().limit(Integer.MAX_VALUE));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * Deletes the files that are due.
     *
     * @param warnings what was logged by the passes before
     * @return when to check again
     */
    Instant deleteDue(ExportJob job, RunLedger ledger, RepeatedWarnings warnings) {
        Instant now = services.clock().instant();
        Instant next = now.plus(job.retention().orElseThrow()); // files that are delivered from now on are due later
        Set<String> later = new HashSet<>();
        List<Due> due = new ArrayList<>();
        for (ExportRun run : runsWithFiles(job)) {
            List<FileDelivery> over = new ArrayList<>();
            for (FileDelivery step : run.deliveries()) {
                if (!step.remains()) {
                    continue;
                }
                if (isOver(job, step, now)) {
                    over.add(step);
                } else {
                    next = earlier(next, dueAt(job, step));
                }
            }
            if (!over.isEmpty()) {
                due.add(0, new Due(run, over, Set.copyOf(later))); // the oldest first
            }
            run.deliveries().stream()
                    .filter(FileDelivery::remains)
                    .map(Retention::place)
                    .forEach(later::add);
        }
        List<Delivery> all =
                Stream.concat(job.deliveries().stream(), job.copies().stream()).toList();
        try (Destinations destinations = new Destinations(
                all, services.deliveryResources(), KnownDirectories.unchanged(services.states(), job))) {
            DeletionPass pass = new DeletionPass(job, ledger, destinations, warnings, now);
            due.forEach(pass::settleAll);
            return pass.leftOver ? earlier(next, now.plus(RETRY_DELAY)) : next;
        }
    }

    private static String place(FileDelivery step) {
        return step.delivery() + " " + step.receipt().orElseThrow().location();
    }

    /** The files of a run whose retention is over; {@code later} are the places of the files of newer runs. */
    private record Due(ExportRun run, List<FileDelivery> steps, Set<String> later) {}

    /** One pass over the files that are due. Used by one thread. */
    private final class DeletionPass {

        private final ExportJob job;
        private final RunLedger ledger;
        private final Destinations destinations;
        private final RepeatedWarnings warnings;
        private final Instant now;
        private final Map<String, Integer> unanswered = new HashMap<>();
        private int settled;
        private boolean leftOver;

        private DeletionPass(
                ExportJob job, RunLedger ledger, Destinations destinations, RepeatedWarnings warnings, Instant now) {
            this.job = job;
            this.ledger = ledger;
            this.destinations = destinations;
            this.warnings = warnings;
            this.now = now;
        }

        private void settleAll(Due due) {
            ExportRun run = due.run();
            Map<String, Map<Outcome, List<FileDelivery>>> news = new HashMap<>();
            for (FileDelivery step : due.steps()) {
                Optional<Outcome> outcome = settled < MAX_PER_PASS ? settle(due, step) : Optional.empty();
                if (outcome.isEmpty()) {
                    leftOver = true;
                    continue;
                }
                settled++;
                FileDelivery retired = step.toRetired(new FileRemoval(outcome.get(), now));
                run = DeliverySteps.with(run, step, before -> retired);
                news.computeIfAbsent(step.delivery(), id -> new EnumMap<>(Outcome.class))
                        .computeIfAbsent(outcome.get(), key -> new ArrayList<>())
                        .add(retired);
            }
            if (!news.isEmpty()) {
                ExportRun saved = ledger.save(run);
                news.forEach((delivery, byOutcome) ->
                        byOutcome.forEach((outcome, files) -> publish(saved, delivery, outcome, files)));
            }
        }

        private Optional<Outcome> settle(Due due, FileDelivery step) {
            if (step.assumed()) {
                return Optional.of(Outcome.ASSUMED);
            }
            if (due.later().contains(place(step))) {
                return Optional.of(Outcome.REPLACED);
            }
            return switch (delete(due.run(), step)) {
                case DELETED -> Optional.of(Outcome.DELETED);
                case NOT_THERE -> Optional.of(Outcome.NOT_THERE);
                case DIFFERENT -> Optional.of(Outcome.DIFFERENT);
                case NOT_SAID ->
                    dueAt(job, step).plus(MAX_UNAVAILABLE).isAfter(now)
                            ? Optional.empty()
                            : Optional.of(Outcome.NOT_SAID);
            };
        }

        private Deletion delete(ExportRun run, FileDelivery step) {
            String delivery = step.delivery();
            if (!destinations.has(delivery) || unanswered.getOrDefault(delivery, 0) >= MAX_UNANSWERED) {
                return Deletion.NOT_SAID;
            }
            try {
                Deletion answer = HostCalls.callDelivery(
                        delivery,
                        "can't delete " + step.path() + " at delivery '" + delivery + "'" + Context.of(run),
                        () -> delete(destinations.session(delivery), run, step));
                if (answer == Deletion.NOT_SAID) {
                    unanswered.merge(delivery, 1, Integer::sum);
                } else if (warnings.recovered(delivery)) {
                    log.info("Files are deleted at delivery '{}' again", delivery);
                }
                return answer;
            } catch (DeliveryException e) {
                if (warnings.isNews(delivery, e.code(), now)) {
                    log.warn(
                            "{} could not be deleted at delivery '{}' after its retention, it is tried each hour: {}",
                            step.path(),
                            delivery,
                            e.getMessage());
                }
                destinations.reset(delivery);
                unanswered.put(delivery, MAX_UNANSWERED);
                return Deletion.NOT_SAID;
            }
        }

        private Deletion delete(DeliverySession session, ExportRun run, FileDelivery step) throws Exception {
            String location = step.receipt().orElseThrow().location();
            boolean timeKnown = step.watch().flatMap(WatchRecord::modifiedAt).isPresent();
            if (timeKnown && !isOfTime(step, session.inspect(location))) {
                return Deletion.DIFFERENT;
            }
            return session.delete(location, DeliverySteps.file(run, step).bytes());
        }

        private void publish(ExportRun run, String delivery, Outcome outcome, List<FileDelivery> files) {
            switch (outcome) {
                case DELETED ->
                    services.listeners().publish(new DeliveredFilesEvent(Kind.DELETED, run, delivery, files));
                case DIFFERENT, NOT_SAID ->
                    services.listeners().publish(new DeliveredFilesEvent(Kind.NOT_DELETED, run, delivery, files));
                case NOT_THERE, ASSUMED, REPLACED -> log.debug("{} at delivery '{}': {}", files, delivery, outcome);
            }
        }
    }
}
