package io.outfeed.internal.run;

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

    /** By name without case: two names that are one on some file systems are one here. */
    private final Map<String, ExportJob> jobs = new ConcurrentSkipListMap<>();

    /** Checks that a job can be put. */
    public void check(ExportJob job) {
        ExportJob other = jobs.get(SafeName.withoutCase(job.name()));
        if (other != null && !other.name().equals(job.name())) {
            throw new InvalidDefinitionException(
                    job.toString(), List.of("job '" + other.name() + "' differs only in the case of letters"));
        }
    }

    public void put(ExportJob job) {
        check(job);
        jobs.put(SafeName.withoutCase(job.name()), job);
    }

    public void remove(String name) {
        find(name).ifPresent(job -> jobs.remove(SafeName.withoutCase(name), job));
    }

    public Optional<ExportJob> find(String name) {
        return Optional.ofNullable(jobs.get(SafeName.withoutCase(name)))
                .filter(job -> job.name().equals(name));
    }

    public ExportJob get(String name) {
        return find(name)
                .orElseThrow(() -> new NoSuchJobException("no job '" + name + "': the engine has "
                        + all().stream().map(ExportJob::name).toList() + ", add it with engine.add(...)"));
    }

    public List<ExportJob> all() {
        return List.copyOf(jobs.values());
    }
}
