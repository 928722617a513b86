package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.incident.Incidents.Block;
import io.outfeed.internal.incident.Incidents.Wait;
import io.outfeed.internal.run.Backoff;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether and when a job may try, while incidents are open. Thread-safe. */
final class IncidentGate {

    private final Incidents incidents;
    private final Clock clock;

    IncidentGate(Incidents incidents, Clock clock) {
        this.incidents = incidents;
        this.clock = clock;
    }

    /** Returns what keeps a job from trying. A run that is published needs only the destinations that miss a file. */
    Optional<Block> block(ExportJob job, Optional<ExportRun> open) {
        Set<String> needed = open.filter(ExportRun::publishing)
                .map(run -> run.deliveries().stream()
                        .filter(step -> !step.settled())
                        .map(FileDelivery::delivery))
                .orElseGet(() -> job.deliveries().stream().map(Delivery::id))
                .collect(Collectors.toSet());
        boolean reads = open.filter(run -> run.publishing() || run.released()).isEmpty();
        return incidents.block(job, needed, reads);
    }

    /** Records that a job waits. */
    void join(ExportJob job, Block block) {
        incidents.touch(block.incident(), job.name());
    }

    /** Returns when the next attempt of an open run may be made, if it is the one that tries for all. */
    Instant attemptAt(ExportJob job, ExportRun run) {
        return attemptAt(job, run, incident(job, run));
    }

    private Instant attemptAt(ExportJob job, ExportRun run, Optional<Wait> incident) {
        Instant now = clock.instant();
        if (incident.isEmpty() && run.waiting().flatMap(Waiting::incident).isPresent()) { // it is over
            return now;
        }
        Instant own = run.waiting()
                .map(why -> Backoff.due(why, job.deliveryWindow(), now))
                .orElse(now);
        return incident.map(Wait::tryAt).filter(own::isAfter).orElse(own);
    }

    /** Returns when to wake a job for the next attempt of its open run: where others wait too, one of them is woken. */
    Instant wakeAt(ExportJob job, ExportRun run) {
        Optional<Wait> incident = incident(job, run);
        boolean woken = incident.isPresent() && !incident.get().alone();
        return woken ? clock.instant().plus(NextWake.UNWOKEN_RETRY) : attemptAt(job, run, incident);
    }

    private Optional<Wait> incident(ExportJob job, ExportRun run) {
        return run.waiting().flatMap(Waiting::incident).flatMap(id -> incidents.waitFor(id, job.name()));
    }
}
