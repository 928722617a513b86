package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;
import java.util.List;
import java.util.Optional;

/**
 * The result of checking a job's sources, fields, file names, transforms and destinations.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param findings the checked parts: for each definition its source, the fields of some records and the name of the
 *     file, then each transform, then each destination
 */
public record JobCheck(String job, List<Finding> findings) {

    /** A part of a job that is checked. */
    public enum Subject {
        /** The source opens, the end of a window can be computed, and no record is known to be in none. */
        SOURCE,
        /** Up to five records of the source can be mapped, and written in the file's format. */
        FIELDS,
        /** The name of the file resolves to a safe one. */
        FILE_NAME,
        /** A transform of the files has what it needs, such as keys that are valid and do not expire soon. */
        TRANSFORM,
        /**
         * The destination accepts the login and a temporary file, which was removed again; a mail server only the
         * login.
         */
        DESTINATION
    }

    /**
     * The result for one part.
     *
     * @param subject what it is
     * @param name the name of the definition, the transform, or the id of the delivery
     * @param problem what is wrong and what to do; empty if nothing is
     * @param note what else was found, such as how a source is read; empty if nothing was
     */
    public record Finding(Subject subject, String name, Optional<Problem> problem, Optional<String> note) {

        /**
         * Checks that nothing is missing.
         *
         * @param subject what it is
         * @param name the name of the definition, the transform, or the id of the delivery
         * @param problem what is wrong and what to do; empty if nothing is
         * @param note what else was found, such as how a source is read; empty if nothing was
         */
        public Finding {
            requireNonNull(subject, "subject");
            requireNonNull(name, "name");
            requireNonNull(problem, "problem");
            requireNonNull(note, "note");
        }

        /**
         * A finding without a note.
         *
         * @param subject what it is
         * @param name the name of the definition, the transform, or the id of the delivery
         * @param problem what is wrong and what to do; empty if nothing is
         */
        public Finding(Subject subject, String name, Optional<Problem> problem) {
            this(subject, name, problem, Optional.empty());
        }

        /** One line for a person. */
        @Override
        public String toString() {
            return subject + " " + name + ": " + problem.map(Problem::message).orElse("ok")
                    + note.map(text -> " (" + text + ")").orElse("");
        }
    }

    /**
     * Copies the list.
     *
     * @param job the name of the job
     * @param findings the checked parts
     */
    public JobCheck {
        requireNonNull(job, "job");
        findings = List.copyOf(findings);
    }

    /**
     * Tells whether there are no problems.
     *
     * @return whether no finding has a problem
     */
    public boolean ok() {
        return problems().isEmpty();
    }

    /**
     * Returns the problems.
     *
     * @return the findings that have a problem, in order
     */
    public List<Finding> problems() {
        return findings.stream()
                .filter(finding -> finding.problem().isPresent())
                .toList();
    }
}
