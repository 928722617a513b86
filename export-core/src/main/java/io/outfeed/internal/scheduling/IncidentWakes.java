package io.outfeed.internal.scheduling;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.delivery.DeliveryWindow;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.run.RunServices;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Wakes jobs that wait for incidents: one to try for all, and all when it is over. Thread-safe. */
public final class IncidentWakes {

    /** Jobs that are released come back within as many seconds as there are, and at most within this time. */
    private static final Duration SPREAD = Duration.ofMinutes(2);

    /** How soon this is done again after a job was woken. */
    private static final Duration CLAIM = Duration.ofMinutes(1);

    private final JobRegistry jobs;
    private final WakeScheduler wakes;
    private final Incidents incidents;
    private final JobStates states;
    private final Clock clock;

    public IncidentWakes(JobRegistry jobs, WakeScheduler wakes, RunServices services) {
        this.jobs = jobs;
        this.wakes = wakes;
        this.incidents = services.incidents();
        this.states = services.states();
        this.clock = services.clock();
    }

    /**
     * Wakes the jobs of this engine that may try.
     *
     * @param records all incidents that are not settled
     * @return when to call this again; empty if no job waits
     */
    public Optional<Instant> wake(List<IncidentRecord> records) {
        List<ScheduledJob> waiting = jobs.waiting();
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        List<IncidentRecord> blocking = Incidents.blocking(records);
        release(waiting, blocking.stream().map(record -> record.incident().id()).collect(Collectors.toSet()));
        return blocking.stream()
                .flatMap(record -> wakeOne(record, waiting).stream())
                .min(Comparator.naturalOrder());
    }

    private void release(List<ScheduledJob> all, Set<String> blocking) {
        List<ScheduledJob> released = all.stream()
                .filter(job -> job.waitsFor()
                        .filter(incident -> !blocking.contains(incident))
                        .isPresent())
                .toList();
        long spread = Math.min(SPREAD.toMillis(), Math.max(0, released.size() - 1) * 1_000L);
        for (ScheduledJob job : released) {
            job.waitsFor(Optional.empty());
            job.askForWake(); // it may have read the incident as open, and be about to be scheduled by that
            wakes.wakeAt(job, clock.instant().plusMillis(part(job.job().name(), spread)));
        }
    }

    /** Returns a part of a time: always the same for a job. */
    private static long part(String job, long of) {
        CRC32 hash = new CRC32();
        hash.update(job.getBytes(UTF_8));
        return (of * hash.getValue()) >>> 32;
    }

    private Optional<Instant> wakeOne(IncidentRecord record, List<ScheduledJob> all) {
        Incident incident = record.incident();
        Instant now = clock.instant();
        List<ScheduledJob> waiting = all.stream()
                .filter(job -> job.waitsFor().filter(incident.id()::equals).isPresent())
                .sorted(Comparator.comparing(job -> job.job().name()))
                .toList();
        Optional<Instant> later = Incidents.nextTryAt(incident, now);
        if (waiting.isEmpty() || later.isPresent()) {
            return waiting.isEmpty() ? Optional.empty() : later;
        }
        Optional<ScheduledJob> next = inTurn(waiting, record.triedBy().orElse(""), now).stream()
                .filter(this::isRunnable)
                .findFirst();
        if (next.isPresent() && incidents.claim(record, next.get().job().name())) {
            wakes.wakeNow(next.get());
        }
        return Optional.of(now.plus(CLAIM));
    }

    /** A job that was paused meanwhile makes no attempt. */
    private boolean isRunnable(ScheduledJob job) {
        boolean runnable = states.runnable(job.job()).isPresent();
        if (!runnable) {
            job.waitsFor(Optional.empty());
        }
        return runnable;
    }

    /** Returns those that may deliver now, else all, beginning after the one that has tried last. */
    private static List<ScheduledJob> inTurn(List<ScheduledJob> waiting, String last, Instant now) {
        List<ScheduledJob> open = waiting.stream()
                .filter(job -> job.job()
                        .deliveryWindow()
                        .map((DeliveryWindow window) -> window.isOpen(now))
                        .orElse(true))
                .toList();
        List<ScheduledJob> inTurn = new ArrayList<>(open.isEmpty() ? waiting : open);
        int before = (int) inTurn.stream()
                .filter(job -> job.job().name().compareTo(last) <= 0)
                .count();
        Collections.rotate(inTurn, -before);
        return inTurn;
    }
}
