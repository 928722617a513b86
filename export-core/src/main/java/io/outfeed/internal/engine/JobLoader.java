package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.event.RepeatedWarnings;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.model.LostRaces;
import io.outfeed.job.JobLoad;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.store.ExportStore;
import io.outfeed.store.LoadedJobs;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the jobs of one source: adds what is new or has changed, and disables what is missing. Thread-safe. */
final class JobLoader {

    private static final Logger log = LoggerFactory.getLogger(JobLoader.class);

    /** More missing jobs than these are more often a fault of the source than a decision. */
    private static final int MOST_MISSING = 20;

    private static final int MOST_MISSING_OF = 10;

    private final JobSource source;
    private final EngineLifecycle lifecycle;
    private final JobRegistry jobs;
    private final ExportStore store;
    private final JobLoadIncidents incidents;
    private final Clock clock;
    private final RepeatedWarnings warnings = new RepeatedWarnings();

    /** The versions as they were applied last, by the name of the job; none of a refused row. Guarded by this. */
    private Map<String, String> versions = new HashMap<>();

    /** The names of all rows of the last load. Guarded by this. */
    private Set<String> present = Set.of();

    /** The jobs of the engine that it has from here, with a row or without. Guarded by this. */
    private final Set<String> owned = new TreeSet<>();

    JobLoader(
            JobSource source,
            EngineLifecycle lifecycle,
            JobRegistry jobs,
            ExportStore store,
            JobLoadIncidents incidents,
            Clock clock) {
        this.source = source;
        this.lifecycle = lifecycle;
        this.jobs = jobs;
        this.store = store;
        this.incidents = incidents;
        this.clock = clock;
    }

    String id() {
        return source.id();
    }

    /** Tells whether the engine has a job from here that had a row at the last load. */
    synchronized boolean has(String job) {
        return present.contains(job) && owned.contains(job);
    }

    /** Moves a job to its new name, which its row gets too. */
    synchronized void renamed(String from, String to) {
        if (owned.remove(from)) {
            owned.add(to);
        }
    }

    /**
     * Loads the source.
     *
     * @param all whether all jobs that are missing are disabled, however many they are
     */
    synchronized JobLoad load(boolean all) {
        List<JobRow> rows;
        try {
            rows = List.copyOf(source.load());
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) { // of the host
            return failed(
                    FailureCode.JOBS_NOT_LOADED,
                    "can't load job source '" + id() + "': nothing was changed, and its jobs run as they were loaded"
                            + " last; the cause is in the log",
                    HostCalls.redact(e));
        }
        try {
            JobLoad load = apply(rows, all);
            if (warnings.recovered(id())) {
                log.info("Job source '{}' is loaded again", id());
            }
            return load;
        } catch (StoreException e) {
            return failed(e.code(), String.valueOf(e.getMessage()), Redacted.of(e));
        }
    }

    private JobLoad failed(FailureCode code, String message, Throwable cause) {
        if (warnings.isNews(id(), code, clock.instant())) {
            log.warn("Job source '{}' was not loaded, each load tries it again: {}", id(), message, cause);
        }
        JobLoad load = JobLoad.failed(id(), new Problem(code, message));
        incidents.failed(load);
        return load;
    }

    private JobLoad apply(List<JobRow> rows, boolean all) {
        Map<String, Problem> refused = new HashMap<>();
        Map<String, JobRow> byName = byName(rows, refused);
        Set<String> names = new TreeSet<>(byName.keySet());
        names.addAll(refused.keySet());
        Settled settled = settle(names, all);
        List<String> withheld = settled.withheld();

        Map<String, ExportJob> made = make(byName, refused);
        jobs.refusals(List.copyOf(made.values())).forEach(refusal -> {
            refused.put(refusal.job().name(), invalid(refusal.why()));
            made.remove(refusal.job().name());
        });
        List<ExportJob> next = new ArrayList<>(made.values());
        refused.keySet()
                .forEach(name -> disabled(
                                name, "its row in job source '" + id() + "' can't be used until it is corrected")
                        .ifPresent(next::add));
        List<String> gone = new ArrayList<>();
        for (String name : absent(names, withheld)) {
            disabled(name, "job source '" + id() + "' has no row for it").ifPresent(job -> {
                next.add(job);
                gone.add(name);
            });
        }
        lifecycle.add(next);

        List<String> added = made.keySet().stream()
                .filter(name -> !versions.containsKey(name))
                .toList();
        List<String> changed =
                made.keySet().stream().filter(versions::containsKey).toList();
        Map<String, String> applied = new HashMap<>();
        byName.forEach((name, row) -> {
            if (!refused.containsKey(name)) {
                applied.put(name, row.version());
            }
        });
        versions = applied;
        owned.addAll(made.keySet());
        present = names;
        JobLoad load = new JobLoad(id(), added, changed, gone, withheld, refused, Optional.empty());
        if (!next.isEmpty()) {
            log.info("{}", load);
        }
        Set<String> known = new HashSet<>(settled.before());
        known.addAll(owned);
        known.addAll(names);
        incidents.loaded(load, known);
        return load;
    }

    /** Returns the rows by name; those that can't be told apart are refused. */
    private static Map<String, JobRow> byName(List<JobRow> rows, Map<String, Problem> refused) {
        Map<String, JobRow> byName = new LinkedHashMap<>();
        Map<String, String> withoutCase = new HashMap<>();
        for (JobRow row : rows) {
            String other = withoutCase.putIfAbsent(SafeName.withoutCase(row.name()), row.name());
            if (other == null) {
                byName.put(row.name(), row);
            } else if (other.equals(row.name())) {
                byName.remove(row.name());
                refused.put(row.name(), invalid("there are two rows of that name: leave one"));
            } else {
                refused.put(row.name(), invalid("row '" + other + "' differs only in the case of letters"));
            }
        }
        return byName;
    }

    /** Makes the jobs whose rows are new or have changed. */
    private Map<String, ExportJob> make(Map<String, JobRow> rows, Map<String, Problem> refused) {
        Map<String, ExportJob> made = new LinkedHashMap<>();
        for (JobRow row : rows.values()) {
            if (row.version().equals(versions.get(row.name()))) {
                continue;
            }
            try {
                made.put(row.name(), make(row));
            } catch (InvalidDefinitionException e) {
                refused.put(row.name(), invalid(String.valueOf(e.getMessage())));
            } catch (ExportException e) {
                refused.put(row.name(), Problem.of(e));
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) { // of the host
                Throwable cause = HostCalls.redact(e);
                if (warnings.isNews(row + " in version " + row.version(), FailureCode.JOB_INVALID, clock.instant())) {
                    log.warn("No job can be made of the {} of job source '{}'", row, id(), cause);
                }
                refused.put(
                        row.name(),
                        invalid("no job can be made of it: " + e.getClass().getName() + ", see the log"));
            }
        }
        return made;
    }

    private ExportJob make(JobRow row) throws Exception {
        if (!owned.contains(row.name()) && jobs.find(row.name()).isPresent()) {
            throw new InvalidDefinitionException(
                    row.toString(),
                    List.of("the host's code or another job source has added a job of that name: rename one of them"));
        }
        ExportJob job = row.job().call();
        if (job == null || !job.name().equals(row.name())) {
            throw new InvalidDefinitionException(
                    row.toString(), List.of("it makes " + (job == null ? "no job" : job + ": use the row's name")));
        }
        return job;
    }

    private static Problem invalid(String what) {
        return new Problem(FailureCode.JOB_INVALID, what);
    }

    private Optional<ExportJob> disabled(String name, String reason) {
        return jobs.findJob(name)
                .filter(job -> owned.contains(name) && job.disabled().isEmpty())
                .map(job -> job.toBuilder().disabled(reason).build());
    }

    /** Returns the jobs that this engine has loaded before and are not to run any more. */
    private Set<String> absent(Set<String> names, List<String> withheld) {
        Set<String> absent = new TreeSet<>(owned);
        absent.removeAll(names);
        withheld.forEach(absent::remove);
        return absent;
    }

    /**
     * Which jobs a source had, on any node.
     *
     * @param before their names
     * @param withheld those that stay although they have no row, since they are too many
     */
    private record Settled(Set<String> before, List<String> withheld) {}

    /** Saves which jobs the source has. */
    private Settled settle(Set<String> names, boolean all) {
        LostRaces races = new LostRaces("which jobs source '" + id() + "' has");
        while (true) {
            LoadedJobs before = store.loadedJobs(id());
            Set<String> missing = new TreeSet<>(before.names());
            missing.removeAll(names);
            int most = Math.max(1, Math.min(MOST_MISSING, before.names().size() / MOST_MISSING_OF));
            boolean tooMany = !missing.isEmpty()
                    && (missing.size() > most
                            || missing.size() == before.names().size());
            boolean withhold = tooMany && !all;
            Set<String> next = new TreeSet<>(names);
            if (withhold) {
                next.addAll(missing);
            }
            if (next.equals(before.names()) || store.replaceLoadedJobs(id(), before, before.next(next))) {
                return new Settled(before.names(), withhold ? List.copyOf(missing) : List.of());
            }
            races.lost();
        }
    }
}
