package io.outfeed.internal.incident;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.FailureCode;
import io.outfeed.event.IncidentEvent;
import io.outfeed.event.IncidentEvent.Kind;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Status;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.NoticeRecord;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.failure.RetryDelay;
import io.outfeed.internal.model.LostRaces;
import io.outfeed.store.ExportStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens incidents, lets one job try for all, and ends them, in the store that all nodes share. Thread-safe. */
public final class Incidents {

    /** How soon after its end the return of an incident is the same one. */
    static final Duration SAME = Duration.ofHours(1);

    /** How long after that the notices of the end still limit how many digests are sent. */
    private static final Duration SETTLED = Duration.ofHours(1);

    private final ExportStore store;
    private final Clock clock;
    private final Listeners listeners;

    /** What the store had when it was read last: a success is compared with it, without another statement. */
    private volatile @Nullable List<IncidentRecord> known;

    private volatile Runnable onChange = () -> {};

    public Incidents(ExportStore store, Clock clock, Listeners listeners) {
        this.store = store;
        this.clock = clock;
        this.listeners = listeners;
    }

    /** Sets what is called when there may be something to tell or to try. */
    public void onChange(Runnable action) {
        onChange = action;
    }

    /** Reads the incidents that are not settled, oldest first. */
    public List<IncidentRecord> read() {
        List<IncidentRecord> read = store.unsettledIncidents();
        known = read;
        return read;
    }

    private List<IncidentRecord> known() {
        List<IncidentRecord> read = known;
        return read == null ? read() : read;
    }

    // ---- signs and successes

    /**
     * Records a sign: opens an incident, or adds the sign to the open one.
     *
     * @param nextTryAt when the job tries again; empty if nothing waits
     * @return the incident
     */
    public Incident report(Sign sign, Optional<Instant> nextTryAt) {
        LostRaces races = new LostRaces("the incident " + sign.code());
        while (true) {
            Instant now = clock.instant();
            Optional<IncidentRecord> before = find(sign, now);
            IncidentRecord next = before.map(open ->
                            IncidentChange.of(open).sign(sign, now, nextTryAt).next())
                    .orElseGet(() -> IncidentChange.opened(sign, now, nextTryAt));
            if (store.replaceIncident(before, next)) {
                Optional<Kind> news = before.map(IncidentRecord::incident)
                        .map(was -> was.status() == Status.OPEN ? Optional.<Kind>empty() : Optional.of(Kind.REOPENED))
                        .orElse(Optional.of(Kind.OPENED));
                news.ifPresent(kind -> listeners.publish(new IncidentEvent(kind, next.incident())));
                changed();
                return next.incident();
            }
            races.lost();
        }
    }

    /** Returns the open incident of a sign, or one that has ended so lately that it is the same. */
    private Optional<IncidentRecord> find(Sign sign, Instant now) {
        Optional<IncidentRecord> open = read().stream()
                .filter(record -> record.incident().end().isEmpty() && sign.belongsTo(record.incident()))
                .findFirst();
        boolean returns = IncidentRule.of(sign.code())
                .filter(rule -> rule.end() == IncidentRule.End.SUCCESS)
                .isPresent();
        if (open.isPresent() || !returns) {
            return open;
        }
        IncidentQuery lately = IncidentQuery.all()
                .endedSince(now.minus(SAME))
                .scope(sign.scope())
                .code(sign.code())
                .limit(1);
        return store.incidents(lately).stream()
                .filter(record -> record.incident()
                        .end()
                        .filter(end -> end.how() == IncidentEnd.How.RECOVERED)
                        .isPresent())
                .findFirst();
    }

    /** Records that a step at a destination has succeeded. */
    public void succeeded(Delivery delivery, Step step) {
        succeeded(Scopes.of(delivery), step);
    }

    /** Records that a step has succeeded: the incidents at that step or an earlier one begin to recover. */
    public void succeeded(Collection<IncidentScope> scopes, Step step) {
        for (IncidentRecord record : known()) {
            if (isOver(record, scopes, step)) {
                recover(record, scopes, step);
            }
        }
    }

    private static boolean isOver(IncidentRecord record, Collection<IncidentScope> scopes, Step step) {
        Incident incident = record.incident();
        return incident.status() == Status.OPEN
                && IncidentRule.endOf(incident) == IncidentRule.End.SUCCESS
                && scopes.contains(incident.scope())
                && incident.step().compareTo(step) <= 0;
    }

    private void recover(IncidentRecord seen, Collection<IncidentScope> scopes, Step step) {
        Optional<IncidentRecord> before = Optional.of(seen);
        while (before.isPresent()) {
            IncidentRecord next =
                    IncidentChange.of(before.get()).well(clock.instant()).next();
            if (store.replaceIncident(before, next)) {
                listeners.publish(new IncidentEvent(Kind.RECOVERING, next.incident()));
                changed();
                return;
            }
            before = find(seen.incident().id()).filter(record -> isOver(record, scopes, step));
        }
    }

    private Optional<IncidentRecord> find(String id) {
        return read().stream()
                .filter(record -> record.incident().id().equals(id))
                .findFirst();
    }

    private void changed() {
        read();
        onChange.run();
    }

    // ---- one tries for all

    /**
     * What keeps a job from trying.
     *
     * @param incident what it waits for
     * @param until when it may try; it is woken sooner if the incident is over
     */
    public record Block(Incident incident, Instant until) {}

    /**
     * Returns what keeps a job from trying; empty if nothing does, or if it is the one that tries now.
     *
     * @param needed the deliveries that it would contact
     * @param reads whether it would read its sources
     */
    public Optional<Block> block(ExportJob job, Set<String> needed, boolean reads) {
        LostRaces races = new LostRaces("what job '" + job.name() + "' tries for an incident");
        while (true) {
            Instant now = clock.instant();
            List<IncidentRecord> blocking = blocking(read()).stream()
                    .filter(record -> Scopes.needs(job, needed, reads)
                            .contains(record.incident().scope()))
                    .toList();
            Optional<Block> latest = blocking.stream()
                    .flatMap(record -> block(record, job.name(), now).stream())
                    .max((a, b) -> a.until().compareTo(b.until()));
            if (latest.isPresent()) {
                return latest;
            }
            if (blocking.stream().allMatch(record -> claim(record, job.name()))) {
                return Optional.empty();
            }
            races.lost();
        }
    }

    private static Optional<Block> block(IncidentRecord record, String job, Instant now) {
        Incident incident = record.incident();
        return isClaimed(record, job)
                ? Optional.empty()
                : nextTryAt(incident, now).map(at -> new Block(incident, at));
    }

    private static boolean isClaimed(IncidentRecord record, String job) {
        return record.claimed() && record.triedBy().filter(job::equals).isPresent();
    }

    /**
     * Lets a job be the one that tries for all. The claim passes on after one interval if it is not used.
     *
     * @return false if the incident was changed in the meantime
     */
    public boolean claim(IncidentRecord record, String job) {
        if (isClaimed(record, job)) {
            return true;
        }
        Instant until =
                clock.instant().plus(RetryDelay.after(record.incident().code().remedy(), Math.max(1, record.tries())));
        return store.replaceIncident(
                Optional.of(record), IncidentChange.of(record).claim(job, until).next());
    }

    /** Records that a job waits for an incident. */
    public void touch(Incident incident, String job) {
        find(incident.id()).ifPresent(record -> update(record, change -> change.touch(job)));
    }

    /** Saves a change, to the incident as it is by then. */
    private void update(IncidentRecord seen, UnaryOperator<IncidentChange> change) {
        Optional<IncidentRecord> before = Optional.of(seen);
        while (before.isPresent()) {
            IncidentChange changed = change.apply(IncidentChange.of(before.get()));
            if (!changed.differs() || store.replaceIncident(before, changed.next())) {
                return;
            }
            before = find(seen.incident().id());
        }
    }

    /** Saves what a notifier was given. */
    public void saveNotice(IncidentRecord seen, String notifier, NoticeRecord given) {
        update(seen, change -> change.notice(notifier, given));
    }

    /** Saves that nothing is to be told of an incident any more. */
    public void settle(IncidentRecord ended) {
        store.replaceIncident(
                Optional.of(ended), IncidentChange.of(ended).settle().next());
    }

    /** Adds an incident that the store could not take while it was away, of which notifiers were told. */
    public void addRecovered(Incident away, List<String> notifiers, Instant toldAt) {
        NoticeRecord told = new NoticeRecord(Optional.of(toldAt), Optional.empty(), Optional.empty());
        IncidentRecord open = new IncidentRecord(
                away,
                0,
                Optional.empty(),
                false,
                0,
                Optional.empty(),
                notifiers.stream().collect(Collectors.toMap(id -> id, id -> told)),
                false);
        if (store.replaceIncident(
                Optional.empty(), IncidentChange.of(open).well(clock.instant()).next())) {
            changed();
        }
    }

    /** Returns those for which jobs wait. */
    public static List<IncidentRecord> blocking(List<IncidentRecord> records) {
        return records.stream()
                .filter(record -> IncidentRule.blocks(record.incident()))
                .toList();
    }

    /** Returns when one of the jobs may try; empty for now. A clock that went back must not hide it. */
    public static Optional<Instant> nextTryAt(Incident incident, Instant now) {
        return incident.nextTryAt().filter(now::isBefore).filter(at -> !at.isAfter(now.plus(RetryDelay.HOUR)));
    }

    /**
     * What a job waits for.
     *
     * @param tryAt when one of the jobs may try
     * @param alone whether no other job waits for it
     */
    public record Wait(Instant tryAt, boolean alone) {}

    /** Returns how a job waits for an incident; empty if it need not wait any more. */
    public Optional<Wait> waitFor(String id, String job) {
        return find(id).map(IncidentRecord::incident)
                .filter(IncidentRule::blocks)
                .map(incident -> new Wait(
                        nextTryAt(incident, clock.instant()).orElseGet(clock::instant),
                        incident.jobs().stream().allMatch(job::equals)));
    }

    // ---- ends

    /** Ends the incidents of recipients that a delivery does not have any more. */
    void forgetOtherRecipients(String delivery, Set<String> keys) {
        for (IncidentRecord record : known()) {
            Incident incident = record.incident();
            boolean ofDelivery = incident.scope().kind() == IncidentScope.Kind.RECIPIENT
                    && incident.scope().name().startsWith(delivery + "/");
            if (ofDelivery
                    && incident.end().isEmpty()
                    && keys.stream()
                            .noneMatch(key -> Scopes.recipient(delivery, key).equals(incident.scope()))) {
                endNow(record, IncidentEnd.How.NO_LONGER_RELEVANT, "");
            }
        }
    }

    /**
     * Ends the incidents that a load of a job source has found to be over.
     *
     * @param source the source
     * @param complete whether none of its jobs is missing
     * @param settled tells of which jobs the rows are right, or gone
     */
    public void endLoaded(IncidentScope source, boolean complete, Predicate<String> settled) {
        for (IncidentRecord record : known()) {
            Incident incident = record.incident();
            boolean over = switch (incident.code()) {
                case JOBS_NOT_LOADED -> incident.scope().equals(source);
                case JOBS_MISSING -> incident.scope().equals(source) && complete;
                case JOB_INVALID -> settled.test(incident.scope().name());
                default -> false;
            };
            if (over && incident.end().isEmpty()) {
                endNow(record, IncidentEnd.How.RECOVERED, "");
            }
        }
    }

    /** Ends the incidents of keys that expire soon, where a check of a job has found none. */
    public void endExpiring(Predicate<String> settled) {
        for (IncidentRecord record : known()) {
            Incident incident = record.incident();
            if (incident.code() == FailureCode.KEY_EXPIRING
                    && incident.end().isEmpty()
                    && settled.test(incident.scope().name())) {
                endNow(record, IncidentEnd.How.RECOVERED, "");
            }
        }
    }

    /** Ends an incident. Returns the incident; empty if it was changed in the meantime. */
    Optional<Incident> end(IncidentRecord record, IncidentEnd.How how, String reason, Instant at) {
        IncidentRecord next = IncidentChange.of(record)
                .end(new IncidentEnd(at, how, reason, waitingJobs(record.incident())))
                .next();
        if (!store.replaceIncident(Optional.of(record), next)) {
            return Optional.empty();
        }
        listeners.publish(new IncidentEvent(Kind.ENDED, next.incident()));
        return Optional.of(next.incident());
    }

    private int waitingJobs(Incident incident) {
        return (int) store.jobRecords(incident.jobs()).stream()
                .filter(record -> !record.unfinished().isEmpty())
                .count();
    }

    /** Tells whether an incident has ended so long ago that a return is another one. */
    public boolean isForgotten(IncidentRecord record, Instant now) {
        return record.incident()
                .end()
                .filter(end -> !now.isBefore(end.at().plus(SAME).plus(SETTLED)))
                .isPresent();
    }

    /** Lists incidents. */
    public List<Incident> list(IncidentQuery query) {
        return store.incidents(query).stream().map(IncidentRecord::incident).toList();
    }

    /**
     * Ends an incident on request.
     *
     * @return the incident; empty if none of that id is open
     */
    public Optional<Incident> acknowledge(String id, String reason) {
        return findOpen(id).flatMap(open -> endNow(open, IncidentEnd.How.ACKNOWLEDGED, reason));
    }

    /** Ends an incident, whatever has changed of it in the meantime; empty if it has ended. */
    private Optional<Incident> endNow(IncidentRecord seen, IncidentEnd.How how, String reason) {
        Optional<IncidentRecord> before = Optional.of(seen);
        while (before.isPresent()) {
            Optional<Incident> ended = end(before.get(), how, reason, clock.instant());
            if (ended.isPresent()) {
                changed();
                return ended;
            }
            before = findOpen(seen.incident().id());
        }
        return Optional.empty();
    }

    private Optional<IncidentRecord> findOpen(String id) {
        return find(id).filter(record -> record.incident().end().isEmpty());
    }
}
