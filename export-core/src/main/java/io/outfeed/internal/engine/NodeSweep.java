package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.internal.clock.StoreClock;
import io.outfeed.internal.event.StoreWarnings;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.incident.Sign;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.run.HostClock;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.scheduling.FirePlanner;
import io.outfeed.internal.scheduling.JobArming;
import io.outfeed.internal.scheduling.JobExecutor;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.StoreChanges;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the other nodes have changed in the store that they share, once per lease: takes over the runs of a node
 * that is dead, and brings jobs that were changed, paused or removed up to date. Used by one thread at a time: the
 * scheduler never runs one name twice at once.
 */
final class NodeSweep {

    /** The name of the sweep at the scheduler; no job can have this name. */
    static final String NAME = "*nodes";

    /** The highest: it takes little time, and what it wakes waits. */
    private static final int PRIORITY = Integer.MAX_VALUE;

    /** How often it is recorded that the clock of the host still differs. */
    private static final Duration SKEW_REPORTED = Duration.ofMinutes(10);

    private static final Logger log = LoggerFactory.getLogger(NodeSweep.class);

    private final ExportStore store;
    private final StoreWarnings warnings;
    private final Clock clock;
    private final JobRegistry jobs;
    private final FirePlanner fires;
    private final JobExecutor executor;
    private final JobArming arming;
    private final Scheduler scheduler;
    private final Incidents incidents;
    private final IncidentScope scope;

    /** How far the changes were followed. */
    private long version = StoreChanges.FIRST;

    private Duration lease = Duration.ZERO;
    private Instant skewReportedAt = Instant.MIN;

    NodeSweep(
            RunServices services,
            JobRegistry jobs,
            FirePlanner fires,
            JobExecutor executor,
            JobArming arming,
            Scheduler scheduler,
            String directory) {
        this.store = services.store();
        this.warnings = services.storeWarnings();
        this.clock = services.clock();
        this.jobs = jobs;
        this.fires = fires;
        this.executor = executor;
        this.arming = arming;
        this.scheduler = scheduler;
        this.incidents = services.incidents();
        this.scope = new IncidentScope(IncidentScope.Kind.NODE, directory);
    }

    /** Follows what is changed from now on; called before jobs are read. Does nothing if the store has one node. */
    void start() {
        Optional<StoreChanges> changes = store.changesSince(StoreChanges.FIRST);
        changes.ifPresent(first -> {
            version = first.version();
            lease = first.lease();
            reportSkew();
            scheduler.scheduleAt(NAME, clock.instant().plus(lease), PRIORITY);
        });
    }

    /** @param forget removes a job from the engine that the store does not have any more */
    void run(Consumer<ScheduledJob> forget) {
        Instant next = clock.instant().plus(lease);
        try {
            long asked = System.nanoTime();
            StoreChanges changes = store.changesSince(version).orElseThrow();
            if (clock instanceof StoreClock shared) {
                shared.correct(changes.now(), asked, System.nanoTime());
            }
            reportSkew();
            follow(changes, forget);
            version = changes.version();
        } catch (StoreException e) {
            warnings.warn(log, "Other nodes can't be followed, trying again in " + lease, e);
        } finally {
            scheduler.scheduleAt(NAME, next, PRIORITY);
        }
    }

    /** An incident of a clock ends by itself when it was not reported for a while. */
    private void reportSkew() {
        Optional<Duration> skew = HostClock.skew(clock);
        Instant now = clock.instant();
        if (skew.isEmpty()) {
            skewReportedAt = Instant.MIN;
        } else if (!now.isBefore(skewReportedAt.plus(SKEW_REPORTED))) {
            String message = HostClock.text(skew.get()) + " (" + store
                    + "): jobs with watermarks of time are not run here; set the clock";
            log.warn("{}", message);
            incidents.report(new Sign(scope, FailureCode.CLOCK_SKEW, Step.RUN, message, ""), Optional.empty());
            skewReportedAt = now;
        }
    }

    private void follow(StoreChanges changes, Consumer<ScheduledJob> forget) {
        for (ScheduledJob job : jobs.all()) {
            String name = job.job().name();
            if (changes.changed().contains(name)) {
                follow(job, forget);
            } else if (job.awaitsLock() && !changes.locked().contains(name)) {
                follow(job, forget); // its owner has released it, and may have stopped since
            }
            if (changes.abandoned().contains(name)) {
                log.info("The lock of job '{}' has expired: this node takes it over, unless another one does", name);
                executor.wakeNow(job);
            }
        }
    }

    private void follow(ScheduledJob scheduled, Consumer<ScheduledJob> forget) {
        try {
            if (!fires.isPlanned(scheduled.job())) {
                forget.accept(scheduled);
                return;
            }
            Optional<ExportJob> changed = fires.withStoredSchedule(scheduled.job());
            if (changed.isPresent()) {
                log.info("The schedule of {} was changed by another node", scheduled);
                arming.arm(List.of(jobs.put(changed.get())));
            } else {
                executor.rearm(scheduled);
            }
        } catch (StoreException e) {
            if (e.code() == FailureCode.STORE_UNAVAILABLE) {
                throw e; // the next sweep follows all changes again
            }
            warnings.warn(log, "Changes of " + scheduled + " can't be followed", e);
        }
    }
}
