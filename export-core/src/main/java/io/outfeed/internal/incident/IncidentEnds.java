package io.outfeed.internal.incident;

import io.outfeed.ExportJob;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.operation.JobPause;
import io.outfeed.run.RunStatus;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobDeadline;
import io.outfeed.store.JobRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Ends incidents that are over. Thread-safe. */
public final class IncidentEnds {

    /** How long nothing may fail before a recovering incident ends, and one that no job uses. */
    private static final Duration WELL = Duration.ofMinutes(10);

    /** How long an incident stays open that has told of something which was over at once. */
    private static final Duration QUIET = Duration.ofHours(1);

    private final Incidents incidents;
    private final ExportStore store;
    private final Clock clock;
    private final Supplier<List<ExportJob>> jobs;
    private final Instant since;

    /**
     * Made when the engine starts.
     *
     * @param jobs returns the jobs of the engine
     */
    public IncidentEnds(Incidents incidents, ExportStore store, Clock clock, Supplier<List<ExportJob>> jobs) {
        this.incidents = incidents;
        this.store = store;
        this.clock = clock;
        this.jobs = jobs;
        this.since = clock.instant();
    }

    /**
     * Ends those that are over.
     *
     * @return whether any has ended
     */
    public boolean endAll(List<IncidentRecord> records) {
        boolean ended = false;
        for (IncidentRecord record : records) {
            Optional<IncidentEnd> end = record.incident().end().isPresent() ? Optional.empty() : end(record.incident());
            if (end.isPresent()) {
                incidents.end(record, end.get().how(), "", end.get().at());
                ended = true;
            }
        }
        return ended;
    }

    private Optional<IncidentEnd> end(Incident incident) {
        Instant now = clock.instant();
        switch (IncidentRule.endOf(incident)) {
            case SUCCESS -> {
                if (incident.wellSince().isPresent()) {
                    return incident.wellSince()
                            .filter(since -> !now.isBefore(since.plus(WELL)))
                            .map(IncidentEnds::recovered);
                }
                return isLeft(incident, now) ? Optional.of(left(now)) : Optional.empty();
            }
            case CONDITION -> {
                return holds(incident) ? Optional.empty() : Optional.of(recovered(now));
            }
            case LOAD -> {
                return Optional.empty();
            }
            case CHECK -> {
                return isLeft(incident, now) ? Optional.of(left(now)) : Optional.empty();
            }
            case QUIET -> {
                return now.isBefore(incident.lastSignAt().plus(QUIET))
                        ? Optional.empty()
                        : Optional.of(recovered(incident.lastSignAt()));
            }
        }
        throw new AssertionError(incident);
    }

    private static IncidentEnd recovered(Instant at) {
        return new IncidentEnd(at, IncidentEnd.How.RECOVERED, "", 0);
    }

    private static IncidentEnd left(Instant at) {
        return new IncidentEnd(at, IncidentEnd.How.NO_LONGER_RELEVANT, "", 0);
    }

    /** A host may add its jobs after it has started the engine. */
    private boolean isLeft(Incident incident, Instant now) {
        boolean early = now.isBefore(since.plus(WELL))
                || now.isBefore(incident.lastSignAt().plus(WELL));
        return !early
                && switch (incident.scope().kind()) {
                    case SERVER, LOGIN, DESTINATION, SOURCE, JOB ->
                        noneOfJobs(job -> Scopes.uses(job, incident.scope()));
                    case RECIPIENT -> noneOfJobs(job -> Scopes.hasRecipient(job, incident.scope()));
                    case JOB_SOURCE, NODE, STORE, NOTIFIER -> false;
                };
    }

    private boolean noneOfJobs(Predicate<ExportJob> uses) {
        return jobs.get().stream().filter(job -> job.disabled().isEmpty()).noneMatch(uses);
    }

    /** Whether the store still has what the incident tells of. */
    private boolean holds(Incident incident) {
        return store.jobRecords(List.of(incident.scope().name())).stream().anyMatch(record -> switch (incident.code()) {
            case RUN_HELD -> isHeld(record);
            case RUN_UNCONFIRMED -> record.unconfirmedRuns() > 0;
            case JOB_PAUSED -> isPausedByEngine(record);
            case DELIVERY_OVERDUE -> isOverdue(record);
            default -> record.damage().isPresent();
        });
    }

    private static boolean isHeld(JobRecord record) {
        return record.unfinished().stream().anyMatch(run -> run.status() == RunStatus.HELD);
    }

    private static boolean isPausedByEngine(JobRecord record) {
        return record.state()
                .pause()
                .filter(pause -> pause.by() != JobPause.By.OPERATOR)
                .isPresent();
    }

    private static boolean isOverdue(JobRecord record) {
        return record.state().deadline().filter(JobDeadline::overdue).isPresent();
    }

    /** Returns when one of the incidents may end; empty if none does by the time alone. */
    public static Optional<Instant> next(List<IncidentRecord> records) {
        return records.stream()
                .map(IncidentRecord::incident)
                .filter(incident -> incident.end().isEmpty())
                .flatMap(incident -> Stream.concat(
                        incident.wellSince().map(at -> at.plus(WELL)).stream(),
                        IncidentRule.endOf(incident) == IncidentRule.End.QUIET
                                ? Stream.of(incident.lastSignAt().plus(QUIET))
                                : Stream.empty()))
                .min(Comparator.naturalOrder());
    }
}
