package io.outfeed.internal.notification;

import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.notification.Notifier;
import io.outfeed.store.ExportStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each notifier its digests: one node at a time, at most one digest an hour. Used by one thread at a time: the
 * scheduler never runs one name twice at once.
 */
public final class DigestSender {

    private static final Logger log = LoggerFactory.getLogger(DigestSender.class);

    private final List<NotifierDigests> notifiers;

    public DigestSender(List<Notifier> notifiers, ExportStore store, Clock clock, Incidents incidents) {
        this.notifiers = notifiers.stream()
                .map(notifier -> new NotifierDigests(notifier, store, clock, incidents))
                .toList();
    }

    /**
     * Sends what is due.
     *
     * @return when something is due next; empty if nothing is for now
     */
    public Optional<Instant> send(List<IncidentRecord> records) {
        return notifiers.stream()
                .flatMap(notifier -> quietly(notifier, records).stream())
                .min(Comparator.naturalOrder());
    }

    private static Optional<Instant> quietly(NotifierDigests notifier, List<IncidentRecord> records) {
        try {
            return notifier.send(records);
        } catch (RuntimeException | Error e) { // the other notifiers get theirs
            log.error("Notices for {} could not be prepared", notifier, HostCalls.redact(e));
            return Optional.empty();
        }
    }

    /** Tells of an incident that no store has, since the store is what is away. Sent once, by each node. */
    public void sendUnstored(Incident incident) {
        notifiers.forEach(notifier -> notifier.sendUnstored(incident));
    }

    /** Returns the ids of all notifiers. */
    List<String> ids() {
        return notifiers.stream().map(NotifierDigests::id).toList();
    }

    /** Whether all notifiers were told all of an incident that has ended. */
    public boolean isTold(IncidentRecord record) {
        return notifiers.stream().allMatch(notifier -> notifier.isTold(record));
    }
}
