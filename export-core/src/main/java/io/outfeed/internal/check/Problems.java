package io.outfeed.internal.check;

import io.outfeed.error.InvalidDefinitionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects problems, so that a builder reports all of them at once. Not thread-safe. */
public final class Problems {

    private final List<String> found = new ArrayList<>();

    /** Adds a problem if the condition holds. */
    public void addIf(boolean wrong, String problem) {
        if (wrong) {
            found.add(problem);
        }
    }

    public void addIfMissing(@Nullable Object value, String problem) {
        addIf(value == null, problem);
    }

    public void add(String problem) {
        found.add(problem);
    }

    public void addAll(Collection<String> problems) {
        found.addAll(problems);
    }

    public List<String> all() {
        return List.copyOf(found);
    }

    /**
     * Throws if there are problems.
     *
     * @throws InvalidDefinitionException with all problems
     */
    public void throwIfAny(String subject) {
        if (!found.isEmpty()) {
            throw new InvalidDefinitionException(subject, found);
        }
    }
}
