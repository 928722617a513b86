package io.outfeed.internal.notification;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.IncidentScope;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.RetryDelay;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.incident.Sign;
import io.outfeed.internal.notification.DueNotices.Due;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notifier;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The digests of one notifier. Used by one thread at a time. */
final class NotifierDigests {

    private static final Logger log = LoggerFactory.getLogger(NotifierDigests.class);

    /** No job has such a name. */
    private static final String LOCK = "*digests-";

    private static final Duration APART = Duration.ofHours(1);

    private static final Duration LOCK_RETRY = Duration.ofMinutes(1);

    private final Notifier notifier;
    private final ExportStore store;
    private final Clock clock;
    private final Incidents incidents;
    private final IncidentScope scope;

    private int failures;
    private Instant notBefore = Instant.MIN;

    NotifierDigests(Notifier notifier, ExportStore store, Clock clock, Incidents incidents) {
        this.notifier = notifier;
        this.store = store;
        this.clock = clock;
        this.incidents = incidents;
        this.scope = new IncidentScope(IncidentScope.Kind.NOTIFIER, notifier.id());
    }

    String id() {
        return notifier.id();
    }

    /** Sends a digest if one is due. Returns when the next one may be; empty if none is for now. */
    Optional<Instant> send(List<IncidentRecord> seen) {
        Instant now = clock.instant();
        List<Due> due = DueNotices.of(seen, notifier, now);
        if (due.isEmpty()) {
            return DueNotices.next(seen, notifier);
        }
        Optional<Instant> later = later(seen, now);
        if (later.isPresent()) {
            return later;
        }
        try (JobLock lock = store.tryLock(LOCK + notifier.id()).orElse(null)) {
            return lock == null ? Optional.of(now.plus(LOCK_RETRY)) : sendLocked(now);
        }
    }

    /** Returns when the notifier may be given a digest; empty if it may now. */
    private Optional<Instant> later(List<IncidentRecord> records, Instant now) {
        return Stream.concat(
                        Stream.of(notBefore),
                        DueNotices.lastGiven(records, notifier.id()).map(at -> at.plus(APART)).stream())
                .max(Comparator.naturalOrder())
                .filter(now::isBefore);
    }

    /** Another node may have sent a digest until the lock was taken. */
    private Optional<Instant> sendLocked(Instant now) {
        List<IncidentRecord> records = incidents.read();
        List<Due> due = DueNotices.of(records, notifier, now);
        Optional<Instant> later = later(records, now);
        if (due.isEmpty() || later.isPresent()) {
            return due.isEmpty() ? DueNotices.next(records, notifier) : later;
        }
        List<Notice> notices = due.stream().map(Due::notice).toList();
        if (!send(new Digest(id(notices), now, notices))) {
            return Optional.of(notBefore);
        }
        due.forEach(given -> save(given, now));
        return DueNotices.next(incidents.read(), notifier);
    }

    /** Saves that the notifier was given a notice. What changed in the meantime stays. */
    private void save(Due due, Instant now) {
        incidents.saveNotice(due.record(), notifier.id(), due.given(notifier.id(), now));
    }

    private boolean send(Digest digest) {
        try {
            notifier.send(digest);
        } catch (Throwable e) {
            failed(e);
            return false;
        }
        failures = 0;
        notBefore = Instant.MIN;
        incidents.succeeded(List.of(scope), Step.RUN);
        return true;
    }

    private void failed(Throwable e) {
        failures++;
        notBefore = clock.instant().plus(RetryDelay.after(failures));
        FailureCode code = e instanceof ExportException known ? known.code() : FailureCode.UNEXPECTED;
        log.warn(
                "Notifier '{}' could not send a digest, it is sent again at {}: {}",
                notifier.id(),
                notBefore,
                e instanceof ExportException ? e.getMessage() : e.getClass().getName(),
                HostCalls.redact(e));
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        } else {
            String message = e instanceof ExportException
                    ? String.valueOf(e.getMessage())
                    : "unexpected " + e.getClass().getName() + ": see the log";
            incidents.report(new Sign(scope, code, Step.RUN, message, ""), Optional.empty());
        }
    }

    void sendUnstored(Incident incident) {
        Notice notice = new Notice(Notice.Kind.OPENED, incident);
        if (notifier.accepts(incident)) {
            try {
                notifier.send(new Digest(id(List.of(notice)), clock.instant(), List.of(notice)));
            } catch (Throwable e) {
                log.warn("Notifier '{}' could not tell that the store is away", notifier.id(), HostCalls.redact(e));
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    boolean isTold(IncidentRecord record) {
        return DueNotices.of(List.of(record), notifier, clock.instant()).isEmpty();
    }

    /** The same for the same notices, so that a receiver can tell a second copy. */
    private String id(List<Notice> notices) {
        String text = notices.stream()
                .map(notice -> notice.kind() + " " + notice.incident().id() + " "
                        + notice.incident()
                                .end()
                                .map(end -> end.at().toString())
                                .orElse(""))
                .collect(Collectors.joining("\n", notifier.id() + "\n", "\n" + reminders(notices)));
        CRC32 hash = new CRC32();
        hash.update(text.getBytes(UTF_8));
        return notifier.id() + "-" + notices.get(0).incident().openedAt().toEpochMilli() + "-"
                + String.format("%08x", hash.getValue());
    }

    /** Reminders of two days are not the same. */
    private String reminders(List<Notice> notices) {
        boolean reminds = notices.stream().anyMatch(notice -> notice.kind() == Notice.Kind.REMINDER);
        return reminds ? clock.instant().truncatedTo(ChronoUnit.DAYS).toString() : "";
    }

    @Override
    public String toString() {
        return "notifier '" + notifier.id() + "'";
    }
}
