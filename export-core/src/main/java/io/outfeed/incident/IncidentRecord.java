package io.outfeed.incident;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a store has of an incident. Immutable.
 *
 * @param incident the incident
 * @param version one for the first, and one more at each change
 * @param triedBy the job that tries again for all, or has done so last; empty if none waits for the incident
 * @param claimed whether that job may try now, and has not done so
 * @param tries how many tries have failed, which sets how long the next one waits
 * @param reopenedAt when it failed again after it had ended, the last time; empty if it did not
 * @param notices what each notifier was given, by its id
 * @param settled whether it has ended, and each notifier was given all
 */
public record IncidentRecord(
        Incident incident,
        long version,
        Optional<String> triedBy,
        boolean claimed,
        int tries,
        Optional<Instant> reopenedAt,
        Map<String, NoticeRecord> notices,
        boolean settled) {

    /**
     * Copies the map.
     *
     * @param incident the incident
     * @param version one for the first, and one more at each change
     * @param triedBy the job that tries again for all, or has done so last
     * @param claimed whether that job may try now, and has not done so
     * @param tries how many tries have failed
     * @param reopenedAt when it failed again after it had ended
     * @param notices what each notifier was given
     * @param settled whether it has ended, and each notifier was given all
     */
    public IncidentRecord {
        requireNonNull(incident, "incident");
        requireNonNull(triedBy, "triedBy");
        requireNonNull(reopenedAt, "reopenedAt");
        notices = Map.copyOf(notices);
    }

    /**
     * Returns what may be open once at a time: of two records with the same key, a store keeps at most one open.
     *
     * @return the scope and the code
     */
    public String key() {
        return incident.scope().kind() + " " + incident.code() + " "
                + incident.scope().name();
    }

    /** The incident. */
    @Override
    public String toString() {
        return incident.toString();
    }
}
