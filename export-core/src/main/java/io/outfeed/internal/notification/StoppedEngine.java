package io.outfeed.internal.notification;

import io.outfeed.event.EngineStoppedEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells of an engine that has stopped by itself: no store keeps an incident of it, and nothing follows it. */
public final class StoppedEngine implements Consumer<ExportEvent> {

    private final DigestSender digests;
    private final Clock clock;

    public StoppedEngine(DigestSender digests, Clock clock) {
        this.digests = digests;
        this.clock = clock;
    }

    @Override
    public void accept(ExportEvent event) {
        if (event instanceof EngineStoppedEvent of) {
            Instant now = clock.instant();
            digests.sendUnstored(new Incident(
                    "engine-stopped-" + now.toEpochMilli(),
                    new IncidentScope(IncidentScope.Kind.STORE, "store"),
                    of.problem().code(),
                    Step.RUN,
                    of.problem().message(),
                    now,
                    now,
                    1,
                    List.of(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }
}
