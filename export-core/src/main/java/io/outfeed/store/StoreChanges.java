package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What a node has to know of the others that share its store, read in one step.
 *
 * <p>Immutable, comparable and thread-safe.
 *
 * @param now the time of the store's clock
 * @param lease how long a lock lasts that its owner does not renew: the changes are read as often
 * @param version the number of the last change, for the next call
 * @param changed the jobs that were changed since: their schedule or pause, a run that waits, or they were removed or
 *     renamed
 * @param locked the jobs whose lock has an owner
 * @param abandoned the jobs whose lock has an owner that has not renewed it: it seems dead
 */
public record StoreChanges(
        Instant now, Duration lease, long version, Set<String> changed, Set<String> locked, Set<String> abandoned) {

    /** Before every change: the version for a first call, of which no job is changed. */
    public static final long FIRST = -1;

    /**
     * Copies the sets.
     *
     * @param now the time of the store's clock
     * @param lease how long a lock lasts that its owner does not renew
     * @param version the number of the last change
     * @param changed the jobs that were changed since
     * @param locked the jobs whose lock has an owner
     * @param abandoned the jobs whose lock has an owner that has not renewed it
     */
    public StoreChanges {
        requireNonNull(now, "now");
        requireNonNull(lease, "lease");
        changed = Set.copyOf(changed);
        locked = Set.copyOf(locked);
        abandoned = Set.copyOf(abandoned);
    }
}
