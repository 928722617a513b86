package io.outfeed.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of the audit: that a person has asked for something, or what came of it. Written by pages and endpoints of
 * people, such as those of export-console; what the engine does by itself is in the logs of runs.
 *
 * <p>Immutable. Has no value of a record and no secret.
 *
 * @param id what the lines of one request have in common
 * @param at when, by the engine's clock
 * @param principal who has asked, as the host names them
 * @param action what for, a stable name such as {@code redeliver}
 * @param job the name that the job had then; empty if it is about several or none. It stays when the job is renamed
 * @param subject what it is about within the job, such as {@code run 17}; empty for the job itself
 * @param reason why, in the words of the person; without personal data; may be empty
 * @param outcome whether this line is the request or what came of it
 * @param detail what came of it, such as the name of a {@link io.outfeed.error.FailureCode}; may be empty
 */
public record AuditEntry(
        String id,
        Instant at,
        String principal,
        String action,
        Optional<String> job,
        String subject,
        String reason,
        Outcome outcome,
        String detail) {

    /** What a line tells. */
    public enum Outcome {
        /** It was asked for, and is about to be done. */
        REQUESTED("asked for"),
        /** It was done. */
        DONE("done"),
        /** It failed, or was refused since something stands against it. */
        FAILED("failed"),
        /** The person may not do it. */
        DENIED("denied");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        /**
         * Returns the label for people.
         *
         * @return words in lower case, such as {@code asked for}
         */
        public String label() {
            return label;
        }
    }

    /**
     * Checks that nothing is missing.
     *
     * @param id what the lines of one request have in common
     * @param at when
     * @param principal who has asked
     * @param action what for
     * @param job the name of the job
     * @param subject what it is about within the job
     * @param reason why
     * @param outcome whether this line is the request or what came of it
     * @param detail what came of it
     */
    public AuditEntry {
        requireNonNull(id, "id");
        requireNonNull(at, "at");
        requireNonNull(principal, "principal");
        requireNonNull(action, "action");
        requireNonNull(job, "job");
        requireNonNull(subject, "subject");
        requireNonNull(reason, "reason");
        requireNonNull(outcome, "outcome");
        requireNonNull(detail, "detail");
    }

    /**
     * Returns the line that tells what came of a request.
     *
     * @param when when it was known
     * @param what what came of it
     * @param more the detail
     * @return another line of the same request
     */
    public AuditEntry ended(Instant when, Outcome what, String more) {
        return new AuditEntry(id, when, principal, action, job, subject, reason, what, more);
    }
}
