package io.outfeed.notification;

import static java.util.Objects.requireNonNull;

import io.outfeed.incident.Incident;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What a notifier is given about one incident. Immutable.
 *
 * @param kind what it tells
 * @param incident the incident as it was when the digest was made
 */
public record Notice(Kind kind, Incident incident) {

    /** What a notice tells. */
    public enum Kind {
        /** There is an incident. */
        OPENED("new", ""),
        /** It is still there, a day later. */
        REMINDER("still open", "Still: "),
        /** It is over. */
        ENDED("over", "Over: "),
        /** There was an incident, and it is over. */
        OPENED_AND_ENDED("over", "Over: ");

        private final String label;
        private final String prefix;

        Kind(String label, String prefix) {
            this.label = label;
            this.prefix = prefix;
        }

        /**
         * Returns a word for people: the same for both kinds that tell of an end.
         *
         * @return {@code new}, {@code still open} or {@code over}
         */
        public String label() {
            return label;
        }

        /** What a headline begins with; empty for what is new. */
        String prefix() {
            return prefix;
        }
    }

    /**
     * A fact with its label. For people: later versions may add facts, and say them otherwise.
     *
     * @param label such as {@code Since}
     * @param text one line of visible characters
     */
    public record Fact(String label, String text) {}

    /**
     * Checks that nothing is missing.
     *
     * @param kind what it tells
     * @param incident the incident
     */
    public Notice {
        requireNonNull(kind, "kind");
        requireNonNull(incident, "incident");
    }

    /**
     * Returns what happened, and how many jobs it concerns.
     *
     * @return one line of visible characters, such as {@code sftp.lakeside.example:22 can't be reached, 400 jobs}
     */
    public String headline() {
        return IncidentWords.headline(this);
    }

    /**
     * Returns what is known, what happens next, and what to do. Times are in UTC.
     *
     * @param now the time to which an open incident is counted
     * @return each with a label
     */
    public List<Fact> facts(Instant now) {
        return facts(now, ZoneOffset.UTC);
    }

    /**
     * Returns what is known, what happens next, and what to do.
     *
     * @param now the time to which an open incident is counted
     * @param zone of the times, which have its name
     * @return each with a label
     */
    public List<Fact> facts(Instant now, ZoneId zone) {
        return IncidentFacts.of(incident, now, zone);
    }

    /**
     * Returns the headline and the facts.
     *
     * @param now the time to which an open incident is counted
     * @return lines of text
     */
    public String text(Instant now) {
        StringBuilder text = new StringBuilder(headline()).append('\n');
        for (Fact fact : facts(now)) {
            text.append("  ")
                    .append(fact.label())
                    .append(": ")
                    .append(fact.text())
                    .append('\n');
        }
        return text.toString();
    }
}
