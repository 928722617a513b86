package io.outfeed.notification;

import static java.util.Objects.requireNonNull;

import io.outfeed.incident.Incident;
import java.time.Instant;
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
        OPENED("new"),
        /** It is still there, a day later. */
        REMINDER("still there"),
        /** It is over. */
        ENDED("over"),
        /** There was an incident, and it is over. */
        OPENED_AND_ENDED("new and over");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /**
         * Returns a word for people.
         *
         * @return such as {@code over}
         */
        public String label() {
            return label;
        }
    }

    /**
     * A fact with its label.
     *
     * @param label such as {@code Since}
     * @param text one line
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
     * @return one line, such as {@code sftp.lakeside.example:22 can't be reached, 400 jobs}
     */
    public String headline() {
        return IncidentWords.headline(this);
    }

    /**
     * Returns what is known, what happens next, and what to do.
     *
     * @param now the time to which an open incident is counted
     * @return each with a label
     */
    public List<Fact> facts(Instant now) {
        return IncidentWords.facts(this, now);
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
