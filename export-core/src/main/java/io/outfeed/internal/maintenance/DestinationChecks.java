package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.event.DestinationEvent;
import io.outfeed.incident.Incident.Step;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.incident.Sign;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks all destinations periodically, each once however many jobs share it, so that an expired password is noticed
 * before the next export; and what the transforms of the jobs need. Used by one thread at a time: the scheduler never
 * runs one name twice at once.
 */
public final class DestinationChecks {

    private static final Logger log = LoggerFactory.getLogger(DestinationChecks.class);

    /** The name of the checks at the scheduler; no job can have this name. */
    public static final String NAME = "*destinations";

    /** The lowest: exports come first. */
    private static final int PRIORITY = Integer.MIN_VALUE;

    private final Duration every;
    private final JobRegistry jobs;
    private final DestinationProbe probe;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Listeners listeners;
    private final Incidents incidents;
    private final TransformChecks transforms;
    private final Set<String> broken = new HashSet<>();

    public DestinationChecks(
            Duration every,
            JobRegistry jobs,
            DestinationProbe probe,
            Scheduler scheduler,
            Clock clock,
            Listeners listeners,
            Incidents incidents) {
        this.every = every;
        this.jobs = jobs;
        this.probe = probe;
        this.scheduler = scheduler;
        this.clock = clock;
        this.listeners = listeners;
        this.incidents = incidents;
        this.transforms = new TransformChecks(incidents);
    }

    public void start() {
        scheduler.scheduleAt(NAME, clock.instant(), PRIORITY);
    }

    public void run() {
        try {
            checkAll();
        } finally {
            scheduler.scheduleAt(NAME, clock.instant().plus(every), PRIORITY);
        }
    }

    private void checkAll() {
        List<ExportJob> enabled =
                jobs.jobs().stream().filter(job -> job.disabled().isEmpty()).toList();
        transforms.check(enabled, clock.instant());
        Map<String, List<ExportJob>> sharing = new TreeMap<>();
        for (ExportJob job : enabled) {
            deliveries(job)
                    .map(Delivery::id)
                    .distinct()
                    .forEach(id -> sharing.computeIfAbsent(id, any -> new ArrayList<>())
                            .add(job));
        }
        broken.retainAll(sharing.keySet());
        sharing.forEach((id, users) -> {
            if (!Thread.currentThread().isInterrupted()) { // else the engine is being closed
                check(id, users);
            }
        });
    }

    private void check(String id, List<ExportJob> users) {
        ExportJob first = users.get(0);
        Delivery delivery = deliveries(first)
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow();
        Optional<DestinationProbe.Failure> failure = probe.failure(first, delivery);
        record(first, delivery, failure);
        Optional<Problem> problem = failure.map(DestinationProbe.Failure::problem);
        boolean wasBroken = problem.isPresent() ? !broken.add(id) : broken.remove(id);
        if (problem.isPresent() || wasBroken) {
            listeners.publish(
                    new DestinationEvent(id, users.stream().map(ExportJob::name).toList(), problem));
        }
    }

    private void record(ExportJob job, Delivery delivery, Optional<DestinationProbe.Failure> failure) {
        try {
            failure.ifPresentOrElse(
                    found -> incidents.report(
                            Sign.at(
                                    delivery,
                                    found.problem().code(),
                                    found.step(),
                                    found.problem().message(),
                                    job.name()),
                            Optional.empty()),
                    () -> incidents.succeeded(delivery, Step.PUBLISH));
        } catch (StoreException e) {
            log.warn("The check of destination '{}' is in no incident: {}", delivery.id(), e.getMessage());
        }
    }

    private static Stream<Delivery> deliveries(ExportJob job) {
        return Stream.concat(job.deliveries().stream(), job.copies().stream());
    }
}
