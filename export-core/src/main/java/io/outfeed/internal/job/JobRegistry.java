package io.outfeed.internal.job;

import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.internal.check.SafeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The jobs that were added. Thread-safe. */
public final class JobRegistry {

    /** By name without case, since some file systems ignore case. */
    private final Map<String, ScheduledJob> jobs = new ConcurrentSkipListMap<>();

    /**
     * Checks that a job can be put.
     *
     * @throws InvalidDefinitionException if the name of another job differs only in case
     */
    public void check(ExportJob job) {
        ScheduledJob other = jobs.get(SafeName.withoutCase(job.name()));
        if (other != null && !other.job().name().equals(job.name())) {
            throw new InvalidDefinitionException(
                    job.toString(), List.of("job '" + other.job().name() + "' differs only in the case of letters"));
        }
    }

    /** Adds a job, or replaces the one of that name; the times and flags of a replaced job stay. */
    public ScheduledJob put(ExportJob job) {
        check(job);
        return jobs.compute(SafeName.withoutCase(job.name()), (name, known) -> {
            if (known == null) {
                return new ScheduledJob(job);
            }
            known.replace(job);
            return known;
        });
    }

    public void remove(String name) {
        find(name).ifPresent(job -> {
            job.markRemoved();
            jobs.remove(SafeName.withoutCase(name), job);
        });
    }

    public Optional<ScheduledJob> find(String name) {
        return Optional.ofNullable(jobs.get(SafeName.withoutCase(name)))
                .filter(known -> known.job().name().equals(name));
    }

    /** Returns a job as it was added last. */
    public Optional<ExportJob> findJob(String name) {
        return find(name).map(ScheduledJob::job);
    }

    /**
     * Returns a job.
     *
     * @throws NoSuchJobException if it was not added
     */
    public ScheduledJob get(String name) {
        return find(name)
                .orElseThrow(() -> new NoSuchJobException("no job '" + name + "': the engine has "
                        + jobs().stream().map(ExportJob::name).toList() + ", add it with engine.add(...)"));
    }

    public List<ScheduledJob> all() {
        return List.copyOf(jobs.values());
    }

    /** Returns the jobs as they were added last, ordered by name. */
    public List<ExportJob> jobs() {
        return jobs.values().stream().map(ScheduledJob::job).toList();
    }
}
