package io.outfeed.internal.incident;

import io.outfeed.incident.Incident;

/** Incidents that tell of something which was over at once: people are told once, and of no end. */
public final class OneTimeNews {

    private OneTimeNews() {}

    public static boolean contains(Incident incident) {
        return IncidentRule.endOf(incident) == IncidentRule.End.QUIET;
    }
}
