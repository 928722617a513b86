package io.outfeed.error;

import java.util.List;

/** Thrown if a definition, a job or one of their parts can't be built: the message lists every problem. */
public final class InvalidDefinitionException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** A list that can be serialized: {@code List.copyOf} makes one. */
    private final transient List<String> problems;

    /**
     * Makes an exception that reports all problems of one thing.
     *
     * @param subject what could not be built, such as {@code export 'registrations'}
     * @param problems at least one, each a clause such as {@code file.name is missing}
     */
    public InvalidDefinitionException(String subject, List<String> problems) {
        super(message(subject, problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * Returns each problem, in the order in which the options were checked.
     *
     * @return each problem as a clause; empty after deserialization
     */
    public List<String> problems() {
        return problems == null ? List.of() : problems;
    }

    private static String message(String subject, List<String> problems) {
        return subject
                + " has "
                + problems.size()
                + (problems.size() == 1 ? " problem: " : " problems: ")
                + String.join("; ", problems);
    }

    @Override
    public FailureCode code() {
        return FailureCode.DEFINITION_INVALID;
    }
}
