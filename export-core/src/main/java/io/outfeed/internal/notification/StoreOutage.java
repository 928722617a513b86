package io.outfeed.internal.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.internal.incident.Incidents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time in which the store can't be reached: this node tells of it by itself, once a day, and adds the incident when
 * the store is back. Used by one thread at a time.
 */
public final class StoreOutage {

    private static final Duration REMINDED = Duration.ofDays(1);

    private final DigestSender digests;
    private final Incidents incidents;
    private final Clock clock;
    private @Nullable Incident open;
    private Instant toldAt = Instant.MIN;

    public StoreOutage(DigestSender digests, Incidents incidents, Clock clock) {
        this.digests = digests;
        this.incidents = incidents;
        this.clock = clock;
    }

    /** The store could not be reached. */
    public void began(StoreException failure) {
        Instant now = clock.instant();
        Incident before = open;
        Incident incident = new Incident(
                before == null ? "store-unavailable-" + now.toEpochMilli() : before.id(),
                new IncidentScope(IncidentScope.Kind.STORE, "store"),
                FailureCode.STORE_UNAVAILABLE,
                Step.RUN,
                String.valueOf(failure.getMessage()),
                before == null ? now : before.openedAt(),
                now,
                before == null ? 1 : before.signs() + 1,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        open = incident;
        if (before == null || !now.isBefore(toldAt.plus(REMINDED))) {
            toldAt = now;
            digests.sendUnstored(incident);
        }
    }

    /** The store was reached. Returns whether an incident was added to it. */
    public boolean ended() {
        Incident incident = open;
        if (incident == null) {
            return false;
        }
        incidents.addRecovered(incident, digests.ids(), toldAt);
        open = null;
        return true;
    }
}
