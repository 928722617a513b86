package io.outfeed.internal.incident;

import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.NoticeRecord;
import io.outfeed.internal.failure.RetryDelay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A change of an incident: collects what differs, and makes the next version. Not thread-safe. */
final class IncidentChange {

    private final IncidentRecord before;
    private Step step;
    private String message;
    private Instant lastSignAt;
    private long signs;
    private List<String> jobs;
    private boolean moreJobs;
    private @Nullable Instant nextTryAt;
    private @Nullable Instant wellSince;
    private @Nullable IncidentEnd end;
    private @Nullable String triedBy;
    private boolean claimed;
    private int tries;
    private @Nullable Instant reopenedAt;
    private Map<String, NoticeRecord> notices;
    private boolean settled;

    private IncidentChange(IncidentRecord before) {
        Incident incident = before.incident();
        this.before = before;
        this.step = incident.step();
        this.message = incident.message();
        this.lastSignAt = incident.lastSignAt();
        this.signs = incident.signs();
        this.jobs = incident.jobs();
        this.moreJobs = incident.moreJobs();
        this.nextTryAt = incident.nextTryAt().orElse(null);
        this.wellSince = incident.wellSince().orElse(null);
        this.end = incident.end().orElse(null);
        this.triedBy = before.triedBy().orElse(null);
        this.claimed = before.claimed();
        this.tries = before.tries();
        this.reopenedAt = before.reopenedAt().orElse(null);
        this.notices = before.notices();
        this.settled = before.settled();
    }

    static IncidentChange of(IncidentRecord before) {
        return new IncidentChange(before);
    }

    /** Returns the record of a new incident. */
    static IncidentRecord opened(Sign sign, Instant now, Optional<Instant> nextTryAt) {
        Incident incident = new Incident(
                id(sign, now),
                sign.scope(),
                sign.code(),
                sign.step(),
                sign.message(),
                now,
                now,
                1,
                sign.job().isEmpty() ? List.of() : List.of(sign.job()),
                false,
                nextTryAt,
                Optional.empty(),
                Optional.empty());
        Optional<String> triedBy = nextTryAt.map(at -> sign.job());
        return new IncidentRecord(incident, 1, triedBy, false, 1, Optional.empty(), Map.of(), false);
    }

    /** A name of a file. One key may be opened twice at one time of a clock that stands still. */
    private static String id(Sign sign, Instant now) {
        String code = sign.code().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return code + "-" + now.toEpochMilli() + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** One more sign, which ends a recovery. The job that tries for all sets when the next one does. */
    IncidentChange sign(Sign sign, Instant now, Optional<Instant> next) {
        boolean back = wellSince != null || end != null;
        if (back || triedBy == null || triedBy.equals(sign.job())) {
            tries = back ? 1 : tries + 1;
            claimed = false;
            if (next.isPresent()) {
                triedBy = sign.job();
                Instant earliest = now.plus(RetryDelay.after(sign.code().remedy(), tries));
                nextTryAt = next.get().isAfter(earliest) ? next.get() : earliest;
            }
        }
        if (end != null || (back && reopenedAt != null)) {
            reopenedAt = now;
        }
        step = sign.step().compareTo(step) > 0 ? sign.step() : step;
        message = sign.message();
        lastSignAt = now;
        signs++;
        wellSince = null;
        end = null;
        settled = false;
        return touch(sign.job());
    }

    /** Adds a job that is touched. */
    IncidentChange touch(String job) {
        if (job.isEmpty() || jobs.contains(job)) {
            return this;
        } else if (jobs.size() >= Incident.MAX_JOBS) {
            moreJobs = true;
            return this;
        }
        List<String> more = new ArrayList<>(jobs);
        more.add(job);
        jobs = more;
        return this;
    }

    /** Lets a job try for all. The claim passes on if it is not used until then. */
    IncidentChange claim(String job, Instant until) {
        triedBy = job;
        claimed = true;
        nextTryAt = until;
        return touch(job);
    }

    /** The failed step has succeeded. */
    IncidentChange well(Instant now) {
        wellSince = now;
        nextTryAt = null;
        triedBy = null;
        claimed = false;
        tries = 0;
        return this;
    }

    IncidentChange end(IncidentEnd how) {
        end = how;
        nextTryAt = null;
        triedBy = null;
        claimed = false;
        return this;
    }

    IncidentChange notice(String notifier, NoticeRecord given) {
        Map<String, NoticeRecord> all = new HashMap<>(notices);
        all.put(notifier, given);
        notices = all;
        return this;
    }

    IncidentChange settle() {
        settled = true;
        return this;
    }

    /** Whether anything was changed. */
    boolean differs() {
        IncidentRecord after = next();
        return !after.incident().equals(before.incident())
                || !after.notices().equals(before.notices())
                || after.settled() != before.settled();
    }

    IncidentRecord next() {
        Incident was = before.incident();
        Incident incident = new Incident(
                was.id(),
                was.scope(),
                was.code(),
                step,
                message,
                was.openedAt(),
                lastSignAt,
                signs,
                jobs,
                moreJobs,
                Optional.ofNullable(nextTryAt),
                Optional.ofNullable(wellSince),
                Optional.ofNullable(end));
        return new IncidentRecord(
                incident,
                before.version() + 1,
                Optional.ofNullable(triedBy),
                claimed,
                tries,
                Optional.ofNullable(reopenedAt),
                notices,
                settled);
    }
}
