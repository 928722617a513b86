package io.outfeed.internal.engine;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.event.StoreWarnings;
import io.outfeed.internal.incident.IncidentEnds;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.notification.DigestSender;
import io.outfeed.internal.notification.StoreOutage;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.scheduling.IncidentWakes;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the incidents of all nodes: ends those that are over, wakes the jobs that may try, and sends digests. Used by
 * one thread at a time: the scheduler never runs one name twice at once.
 */
final class IncidentSweep {

    /** The name of the sweep at the scheduler; no job can have this name. */
    static final String NAME = "*incidents";

    /** The highest: it takes little time, and what it wakes waits. */
    private static final int PRIORITY = Integer.MAX_VALUE;

    /** How soon this node sees what another one has recorded while an incident is open. */
    private static final Duration BUSY = Duration.ofMinutes(1);

    /** The same while none is. */
    private static final Duration IDLE = Duration.ofMinutes(10);

    private static final Duration PRUNED = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(IncidentSweep.class);

    private final Incidents incidents;
    private final StoreWarnings warnings;
    private final IncidentEnds ends;
    private final IncidentWakes wakes;
    private final DigestSender digests;
    private final StoreOutage outage;
    private final ExportStore store;
    private final Scheduler scheduler;
    private final Clock clock;
    private final Duration keepHistory;
    private final AtomicBoolean changed = new AtomicBoolean();
    private Instant pruneAt = Instant.MIN;

    IncidentSweep(
            RunServices services,
            IncidentEnds ends,
            IncidentWakes wakes,
            DigestSender digests,
            Scheduler scheduler,
            Duration keepHistory) {
        this.incidents = services.incidents();
        this.warnings = services.storeWarnings();
        this.clock = services.clock();
        this.ends = ends;
        this.wakes = wakes;
        this.digests = digests;
        this.outage = new StoreOutage(digests, incidents, clock);
        this.store = services.store();
        this.scheduler = scheduler;
        this.keepHistory = keepHistory;
    }

    void start() {
        incidents.onChange(this::soon);
        soon();
    }

    /** Also while the sweep runs: what it has read may be older. */
    private void soon() {
        changed.set(true);
        scheduler.scheduleAt(NAME, clock.instant(), PRIORITY);
    }

    void run() {
        changed.set(false);
        Instant next = clock.instant().plus(BUSY);
        try {
            next = sweep();
        } catch (StoreException e) {
            warnings.warn(log, "Incidents can't be followed, trying again in " + BUSY, e);
            if (e.code() == FailureCode.STORE_UNAVAILABLE) {
                outage.began(e);
            }
        } finally {
            scheduler.scheduleAt(NAME, next, PRIORITY);
            if (changed.get()) {
                soon();
            }
        }
    }

    /** Returns when to do it again. */
    private Instant sweep() {
        List<IncidentRecord> records = incidents.read();
        if (outage.ended() || ends.endAll(records)) {
            records = incidents.read();
        }
        Optional<Instant> tries = wakes.wake(records);
        Optional<Instant> notices = digests.send(records);
        Instant now = clock.instant();
        records.stream()
                .filter(record -> incidents.isForgotten(record, now) && digests.isTold(record))
                .forEach(incidents::settle);
        if (!now.isBefore(pruneAt)) {
            store.pruneIncidents(now.minus(keepHistory));
            pruneAt = now.plus(PRUNED);
        }
        boolean open =
                records.stream().anyMatch(record -> record.incident().end().isEmpty());
        Instant poll = now.plus(open ? BUSY : IDLE);
        return Stream.of(Optional.of(poll), tries, notices, IncidentEnds.next(records))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .filter(now::isBefore)
                .orElse(poll);
    }
}
