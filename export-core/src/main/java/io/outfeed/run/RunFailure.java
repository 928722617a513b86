package io.outfeed.run;

import static java.util.Objects.requireNonNull;

/**
 * Why a run failed, as the ledger has it. Immutable.
 *
 * @param type the simple name of the exception, such as {@code MappingException}
 * @param message what failed and what to do next; no value, no credential
 */
public record RunFailure(String type, String message) {

    /**
     * Checks that nothing is missing.
     *
     * @param type the simple name of the exception, such as {@code MappingException}
     * @param message what failed and what to do next; no value, no credential
     */
    public RunFailure {
        requireNonNull(type, "type");
        requireNonNull(message, "message");
    }
}
