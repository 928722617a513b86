package io.outfeed.job;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a load of a {@link JobSource} has changed in this engine. Immutable.
 *
 * @param source the id of the source
 * @param added the jobs that are new, or have a row again
 * @param changed the jobs whose row has another version
 * @param disabled the jobs that have no row any more
 * @param withheld the jobs without a row that are not disabled, since they are too many
 * @param refused the rows of which no job was made, and why, by the name of the job
 * @param failure why nothing was changed; empty if the load has succeeded
 */
public record JobLoad(
        String source,
        List<String> added,
        List<String> changed,
        List<String> disabled,
        List<String> withheld,
        Map<String, Problem> refused,
        Optional<Problem> failure) {

    /**
     * Copies the lists.
     *
     * @param source the id of the source
     * @param added the jobs that are new, or have a row again
     * @param changed the jobs whose row has another version
     * @param disabled the jobs that have no row any more
     * @param withheld the jobs without a row that are not disabled
     * @param refused the rows of which no job was made
     * @param failure why nothing was changed
     */
    public JobLoad {
        requireNonNull(source, "source");
        requireNonNull(failure, "failure");
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        disabled = List.copyOf(disabled);
        withheld = List.copyOf(withheld);
        refused = Collections.unmodifiableMap(new TreeMap<>(refused));
    }

    /**
     * Returns a load that has failed.
     *
     * @param source the id of the source
     * @param failure why
     * @return the load, which has changed nothing
     */
    public static JobLoad failed(String source, Problem failure) {
        return new JobLoad(source, List.of(), List.of(), List.of(), List.of(), Map.of(), Optional.of(failure));
    }

    /** For people and logs: how many jobs. */
    @Override
    public String toString() {
        return failure.map(problem -> "job source '" + source + "' could not be loaded: " + problem.message())
                .orElseGet(() -> "job source '" + source + "': " + added.size() + " jobs added, " + changed.size()
                        + " changed, " + disabled.size() + " disabled, " + refused.size() + " refused"
                        + (withheld.isEmpty() ? "" : ", " + withheld.size() + " missing"));
    }
}
