package io.outfeed.store;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The jobs that a {@link io.outfeed.job.JobSource} had when it was loaded last. Immutable.
 *
 * @param version how often it was replaced
 * @param names the names of the jobs, sorted
 */
public record LoadedJobs(long version, Set<String> names) {

    /** Of a source that was never loaded. */
    public static final LoadedJobs NONE = new LoadedJobs(0, Set.of());

    /**
     * Copies the names.
     *
     * @param version how often it was replaced
     * @param names the names of the jobs
     */
    public LoadedJobs {
        names = Collections.unmodifiableSet(new TreeSet<>(names));
    }

    /**
     * Returns what replaces this.
     *
     * @param names the names of the jobs
     * @return the next version
     */
    public LoadedJobs next(Set<String> names) {
        return new LoadedJobs(version + 1, names);
    }
}
