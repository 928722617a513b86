package io.outfeed.internal.job;

import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.internal.check.SafeName;
import io.outfeed.store.ExportStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs that were added. Thread-safe. */
public final class JobRegistry {

    private static final Logger log = LoggerFactory.getLogger(JobRegistry.class);

    /** By name without case, since some file systems ignore case. */
    private final Map<String, ScheduledJob> jobs = new ConcurrentSkipListMap<>();

    private final ExportStore store;

    /** Guarded by itself. */
    private final SharedNames sharedNames = new SharedNames();

    /**
     * Makes an empty registry.
     *
     * @param store has the names that jobs were renamed to
     */
    public JobRegistry(ExportStore store) {
        this.store = store;
    }

    /**
     * Checks that jobs can be put.
     *
     * @throws InvalidDefinitionException if the name of another job differs only in case, or was that of a job which
     *     was renamed; the first problem of each job is listed
     */
    public void check(List<ExportJob> added) {
        List<Refusal> refusals = refusals(added);
        if (!refusals.isEmpty()) {
            throw new InvalidDefinitionException(
                    refusals.get(0).job().toString(),
                    refusals.stream()
                            .map(refusal -> (refusals.size() == 1 ? "" : refusal.job() + ": ") + refusal.why())
                            .toList());
        }
    }

    /** Why a job can't be put. */
    public record Refusal(ExportJob job, String why) {}

    /** Returns why jobs can't be put; empty if all can. */
    public List<Refusal> refusals(List<ExportJob> added) {
        Map<String, String> renamed =
                store.renamedTo(added.stream().map(ExportJob::name).toList());
        Map<String, String> names = new HashMap<>();
        List<Refusal> refusals = new ArrayList<>();
        for (ExportJob job : added) {
            String other = names.putIfAbsent(SafeName.withoutCase(job.name()), job.name());
            if (other != null && other.equals(job.name())) {
                refusals.add(new Refusal(job, "it is there twice"));
            } else if (other != null) {
                refusals.add(new Refusal(job, differsInCase(other)));
            } else {
                caseRefusal(job)
                        .or(() -> Optional.ofNullable(renamed.get(job.name())).map(now -> wasRenamed(job, now)))
                        .ifPresent(what -> refusals.add(new Refusal(job, what)));
            }
        }
        return refusals;
    }

    private static String wasRenamed(ExportJob job, String now) {
        return "it was renamed to '" + now + "', which has its positions and runs: use that name;" + " remove(\""
                + job.name() + "\", History.PURGE) makes the old name free for a new job";
    }

    private Optional<String> caseRefusal(ExportJob job) {
        return Optional.ofNullable(jobs.get(SafeName.withoutCase(job.name())))
                .map(other -> other.job().name())
                .filter(name -> !name.equals(job.name()))
                .map(JobRegistry::differsInCase);
    }

    private static String differsInCase(String other) {
        return "job '" + other + "' differs only in the case of letters";
    }

    /** Adds a job, or replaces the one of that name; the times and flags of a replaced job stay. */
    public ScheduledJob put(ExportJob job) {
        caseRefusal(job).ifPresent(what -> {
            throw new InvalidDefinitionException(job.toString(), List.of(what));
        });
        synchronized (sharedNames) {
            sharedNames.put(job).forEach(shared -> log.warn("{}: {} (job={})", job, shared, job.name()));
        }
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
            synchronized (sharedNames) {
                sharedNames.remove(name);
            }
        });
    }

    /** Removes a job that was renamed in the store since it was added. Returns whether it was. */
    public boolean removeIfRenamed(ScheduledJob job) {
        String name = job.job().name();
        Optional<String> now = store.renamedTo(name);
        if (now.isPresent()) {
            job.markRemoved();
            if (jobs.remove(SafeName.withoutCase(name), job)) {
                log.warn(
                        "Job '{}' was renamed to '{}' since it was added: this engine runs it no longer; add it under"
                                + " its new name here too (job={})",
                        name,
                        now.get(),
                        name);
            }
        }
        return now.isPresent();
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
        return find(name).orElseThrow(() -> noSuchJob(name));
    }

    /** Returns the failure of an operation on a job that was not added, or was renamed. */
    public NoSuchJobException noSuchJob(String name) {
        return new NoSuchJobException(store.renamedTo(name)
                .map(now -> "job '" + name + "' was renamed to '" + now + "', and nothing was done: "
                        + (find(now).isPresent() ? "use the new name" : "add it under its new name")
                        + " (job=" + name + ")")
                // The names of other jobs are those of other customers: a caller may be one of them.
                .orElseGet(() -> "no job '" + name + "': add it with engine.add(...) (job=" + name + ")"));
    }

    public List<ScheduledJob> all() {
        return List.copyOf(jobs.values());
    }

    /** Returns the jobs that wait for an incident. */
    public List<ScheduledJob> waiting() {
        return jobs.values().stream().filter(job -> job.waitsFor().isPresent()).toList();
    }

    /** Returns the jobs as they were added last, ordered by name. */
    public List<ExportJob> jobs() {
        return jobs.values().stream().map(ScheduledJob::job).toList();
    }
}
