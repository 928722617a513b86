package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import java.util.Optional;

/**
 * Why a run failed, as the ledger has it. Immutable.
 *
 * @param code the kind of failure
 * @param type the simple name of the exception, such as {@code MappingException}
 * @param message what failed and what to do next; no value, no credential
 * @param origin what an operator needs to find the cause: the types of the causes, an SQLState or a server's status,
 *     and the place in the code; no value, no message of foreign code; empty where the message says all
 */
public record RunFailure(FailureCode code, String type, String message, Optional<String> origin) {

    /**
     * Checks that nothing is missing.
     *
     * @param code the kind of failure
     * @param type the simple name of the exception, such as {@code MappingException}
     * @param message what failed and what to do next; no value, no credential
     * @param origin what an operator needs to find the cause
     */
    public RunFailure {
        requireNonNull(code, "code");
        requireNonNull(type, "type");
        requireNonNull(message, "message");
        requireNonNull(origin, "origin");
    }
}
