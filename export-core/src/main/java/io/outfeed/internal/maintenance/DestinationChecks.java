package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.Problem;
import io.outfeed.event.DestinationEvent;
import io.outfeed.internal.event.Listeners;
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

/**
 * Checks all destinations periodically, each once however many jobs share it, so that an expired password is noticed
 * before the next export. Used by one thread at a time: the scheduler never runs one name twice at once.
 */
public final class DestinationChecks {

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
    private final Set<String> broken = new HashSet<>();

    public DestinationChecks(
            Duration every,
            JobRegistry jobs,
            DestinationProbe probe,
            Scheduler scheduler,
            Clock clock,
            Listeners listeners) {
        this.every = every;
        this.jobs = jobs;
        this.probe = probe;
        this.scheduler = scheduler;
        this.clock = clock;
        this.listeners = listeners;
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
        Map<String, List<ExportJob>> sharing = new TreeMap<>();
        for (ExportJob job : jobs.jobs()) {
            if (job.disabled().isEmpty()) {
                deliveries(job)
                        .map(Delivery::id)
                        .distinct()
                        .forEach(id -> sharing.computeIfAbsent(id, any -> new ArrayList<>())
                                .add(job));
            }
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
        Optional<Problem> problem = probe.problem(first, delivery);
        boolean wasBroken = problem.isPresent() ? !broken.add(id) : broken.remove(id);
        if (problem.isPresent() || wasBroken) {
            listeners.publish(
                    new DestinationEvent(id, users.stream().map(ExportJob::name).toList(), problem));
        }
    }

    private static Stream<Delivery> deliveries(ExportJob job) {
        return Stream.concat(job.deliveries().stream(), job.copies().stream());
    }
}
