package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Whether everything works that a job needs, as a check has found it.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param findings what was looked at: for each definition its source, the fields of some records and the name of the
 *     file, then each destination
 */
public record JobCheck(String job, List<Finding> findings) {

    /** What was looked at. */
    public enum Subject {
        /** The source opens, and says how far a window may reach. */
        SOURCE,
        /** Up to five records of the source can be mapped, and written in the file's format. */
        FIELDS,
        /** The name of the file resolves to a safe one. */
        FILE_NAME,
        /** The destination lets us in and takes a temporary file, which was removed again; a mail server, the login. */
        DESTINATION
    }

    /**
     * One thing that was looked at.
     *
     * @param subject what it is
     * @param name the name of the definition, or the id of the delivery
     * @param problem what is wrong and what to do; empty if nothing is
     */
    public record Finding(Subject subject, String name, Optional<String> problem) {

        /**
         * Checks that nothing is missing.
         *
         * @param subject what it is
         * @param name the name of the definition, or the id of the delivery
         * @param problem what is wrong and what to do; empty if nothing is
         */
        public Finding {
            requireNonNull(subject, "subject");
            requireNonNull(name, "name");
            requireNonNull(problem, "problem");
        }

        /** One line for a person. */
        @Override
        public String toString() {
            return subject + " " + name + ": " + problem.orElse("ok");
        }
    }

    /**
     * Copies the list.
     *
     * @param job the name of the job
     * @param findings what was looked at
     */
    public JobCheck {
        requireNonNull(job, "job");
        findings = List.copyOf(findings);
    }

    /**
     * Tells whether nothing is wrong.
     *
     * @return whether no finding has a problem
     */
    public boolean ok() {
        return problems().isEmpty();
    }

    /**
     * Returns what is wrong.
     *
     * @return the findings that have a problem, in order
     */
    public List<Finding> problems() {
        return findings.stream()
                .filter(finding -> finding.problem().isPresent())
                .toList();
    }
}
