package io.outfeed.mail.internal.notification;

import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportEvent;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when destinations do not work: the next failure of one that has worked meanwhile is news again. Thread-safe.
 */
public final class Outages {

    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    /**
     * Takes note of an event.
     *
     * @return since when the destination has not worked, for an event of one, else an empty text
     */
    public String since(ExportEvent event) {
        if (event instanceof DestinationEvent of) {
            Instant now = Instant.now();
            Instant began = of.problem().isPresent()
                    ? since.computeIfAbsent(of.delivery(), delivery -> now)
                    : since.remove(of.delivery());
            return (began == null ? now : began).toString();
        }
        return "";
    }
}
