package io.outfeed.store;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.state.StateDirectory;
import io.outfeed.internal.state.StripedLocks;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds runs in a {@link StateDirectory}, and caches what filters need of them, so that each file is read only once for
 * them. Thread-safe: it reads and caches a run under the lock of its job, so that what is cached is never older than
 * what was saved.
 */
final class RunIndex {

    private static final Logger log = LoggerFactory.getLogger(RunIndex.class);

    /** How many runs are cached in memory: some ten megabytes. */
    private static final int MOST_KNOWN = 50_000;

    private final StateDirectory files;
    private final RunFiles runs;
    private final StripedLocks locks;

    /** The values of runs that filters need, by number. */
    private final Map<Long, ExportRun> known = new ConcurrentHashMap<>();

    /** The newest run of a job that has moved its positions, or 0. */
    private final Map<String, Long> lastCommits = new ConcurrentHashMap<>();

    /** The numbers of damaged runs that were logged. */
    private final Set<Long> logged = ConcurrentHashMap.newKeySet();

    /** A run with its job. */
    private record Numbered(long number, String job) {}

    /** @param locks those of jobs */
    RunIndex(StateDirectory files, RunFiles runs, StripedLocks locks) {
        this.files = files;
        this.runs = runs;
        this.locks = locks;
    }

    // ---- by number

    /** Returns the job of a run. */
    Optional<String> job(long number) {
        ExportRun seen = known.get(number);
        if (seen != null) {
            return Optional.of(seen.job());
        }
        return files.jobs().stream()
                .filter(job -> Files.exists(files.open(job, number)) || Files.exists(files.ended(job, number)))
                .findFirst();
    }

    /** Returns the numbers of all runs of a job; one that has just ended may occur twice, but is never missed. */
    Stream<Long> numbers(String job) {
        Stream<Long> open = files.open(job);
        return Stream.concat(open, files.ended(job));
    }

    /** Returns the highest number of a run, or 0. */
    long highestNumber() {
        return files.jobs().stream()
                .flatMap(this::numbers)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    // ---- by query

    /** Returns runs, newest first. A damaged one is left out, unless the query is for its job. */
    List<ExportRun> runs(RunQuery query) {
        List<String> jobs = query.job().map(List::of).orElseGet(files::jobs);
        boolean filtered = isFiltered(query);
        boolean strict = query.job().isPresent();
        return jobs.stream()
                .flatMap(job -> numbers(query, job).map(number -> new Numbered(number, job)))
                .distinct()
                .sorted(Comparator.comparingLong(Numbered::number).reversed())
                .filter(run -> !filtered
                        || (strict ? known(run) : ifSound(run, this::known))
                                .filter(query::matches)
                                .isPresent())
                .flatMap(run -> (strict ? read(run) : ifSound(run, this::read)).stream())
                .limit(query.limit())
                .toList();
    }

    private static boolean isFiltered(RunQuery query) {
        return !query.statuses().isEmpty()
                || !query.triggers().isEmpty()
                || query.startedFrom().isPresent()
                || query.startedBefore().isPresent()
                || query.onlyFilesRemain()
                || query.onlyUnconfirmed();
    }

    private Stream<Long> numbers(RunQuery query, String job) {
        boolean onlyOpen =
                !query.statuses().isEmpty() && query.statuses().stream().noneMatch(RunStatus::ended);
        Stream<Long> all = onlyOpen ? files.open(job) : numbers(job);
        return (query.onlyUnconfirmed() ? files.unconfirmed(job) : all)
                .filter(number -> number < query.below().orElse(Long.MAX_VALUE));
    }

    private Optional<ExportRun> read(Numbered run) {
        return locks.call(run.job(), () -> runs.read(run.job(), run.number()));
    }

    private Optional<ExportRun> ifSound(Numbered run, Reader reader) {
        try {
            return reader.read(run);
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            if (logged.add(run.number())) {
                log.warn("Lists leave out run {} of job '{}': {}", run.number(), run.job(), e.getMessage());
            }
            return Optional.empty();
        }
    }

    @FunctionalInterface
    private interface Reader {
        Optional<ExportRun> read(Numbered run);
    }

    int unconfirmedRuns(String job) {
        return (int) files.unconfirmed(job)
                .filter(number -> known(new Numbered(number, job))
                        .filter(ExportRun::unconfirmed)
                        .isPresent())
                .count();
    }

    // ---- commits

    /** Returns the number of the newest run that has moved the positions of a job, as far as the runs tell, or 0. */
    long lastCommit(String job) {
        Long found = lastCommits.get(job);
        if (found == null) {
            found = numbers(job)
                    .distinct()
                    .sorted(Comparator.reverseOrder())
                    .filter(number -> known(new Numbered(number, job))
                            .filter(ExportRun::hasMovedPositions)
                            .isPresent())
                    .findFirst()
                    .orElse(0L);
            lastCommits.put(job, found);
        }
        return found;
    }

    void committed(String job, long run) {
        lastCommits.put(job, run);
    }

    // ---- cache

    /** Returns the cached values of a run for filters; the other values are not cached. */
    private Optional<ExportRun> known(Numbered run) {
        ExportRun seen = known.get(run.number());
        return seen != null
                ? Optional.of(seen)
                : locks.call(run.job(), () -> read(run).map(this::add));
    }

    ExportRun add(ExportRun run) {
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        ExportRun seen = RunBuilder.planned(run.number(), run.job(), run.trigger(), run.startedAt())
                .status(run.status())
                .unconfirmed(run.unconfirmed())
                .deliveries(run.deliveries().stream()
                        .filter(FileDelivery::remains)
                        .limit(1)
                        .toList())
                .build();
        known.put(run.number(), seen);
        return seen;
    }

    void remove(long number) {
        known.remove(number);
    }

    /** Forgets a job that is purged or renamed. */
    void forget(String job) {
        known.values().removeIf(run -> run.job().equals(job));
        lastCommits.remove(job);
    }
}
