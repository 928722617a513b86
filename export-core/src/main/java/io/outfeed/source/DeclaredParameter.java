package io.outfeed.source;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A parameter that a definition declares: the jobs that use the definition set it, or get its default.
 *
 * <p>Immutable.
 *
 * @param name the parameter's name
 * @param defaultValue what a job gets that does not set it; empty if every job must set it
 */
public record DeclaredParameter(String name, Optional<String> defaultValue) {

    /**
     * Checks that nothing is missing.
     *
     * @param name the parameter's name
     * @param defaultValue what a job gets that does not set it; empty if every job must set it
     */
    public DeclaredParameter {
        requireNonNull(name, "name");
        requireNonNull(defaultValue, "defaultValue");
    }

    /** The name, without the default. */
    @Override
    public String toString() {
        return name;
    }
}
