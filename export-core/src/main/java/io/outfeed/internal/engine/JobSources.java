package io.outfeed.internal.engine;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.engine.EngineSettings.LoadedSource;
import io.outfeed.job.JobLoad;
import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the job sources of an engine when it starts, at their intervals and on request. Thread-safe. */
final class JobSources {

    /** The name of the loads at the scheduler; no job can have this name. */
    static final String NAME = "*jobs";

    private static final Logger log = LoggerFactory.getLogger(JobSources.class);

    /** The highest: other nodes have loaded a changed job by then, and run it. */
    private static final int PRIORITY = Integer.MAX_VALUE;

    private static final class Timed {

        private final LoadedSource source;
        private final JobLoader loader;
        private volatile Instant next = Instant.MIN;

        Timed(LoadedSource source, JobLoader loader) {
            this.source = source;
            this.loader = loader;
        }
    }

    private final List<Timed> sources;
    private final Scheduler scheduler;
    private final Clock clock;

    JobSources(
            List<LoadedSource> sources, Function<LoadedSource, JobLoader> loaders, Scheduler scheduler, Clock clock) {
        this.sources = sources.stream()
                .map(source -> new Timed(source, loaders.apply(source)))
                .toList();
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Loads the sources whose time has come, all of them the first time. */
    void run() {
        try {
            sources.stream().filter(this::isDue).forEach(timed -> {
                timed.next = clock.instant().plus(timed.source.every());
                timed.loader.load(false);
            });
        } finally {
            sources.stream()
                    .map(timed -> timed.next)
                    .min(Comparator.naturalOrder())
                    .ifPresent(at -> scheduler.scheduleAt(NAME, at, PRIORITY));
        }
    }

    /** A clock that was set back does not stop the loads. */
    private boolean isDue(Timed timed) {
        Instant now = clock.instant();
        return !now.isBefore(timed.next) || now.plus(timed.source.every()).isBefore(timed.next);
    }

    /** Loads all sources now. */
    List<JobLoad> reload() {
        return sources.stream().map(timed -> timed.loader.load(false)).toList();
    }

    /**
     * Disables the jobs that a source has no more, however many they are.
     *
     * @throws IllegalArgumentException if there is no such source
     */
    JobLoad confirmMissing(String source, String reason) {
        JobLoader loader = sources.stream()
                .map(timed -> timed.loader)
                .filter(known -> known.id().equals(source))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job source '" + source + "': the engine has "
                        + sources.stream().map(timed -> timed.loader.id()).toList()));
        JobLoad load = loader.load(true);
        log.info("Missing jobs of job source '{}' were confirmed ({}): {}", source, reason, load);
        return load;
    }

    /**
     * Checks that no source has a job that the host's code adds or removes.
     *
     * @throws InvalidDefinitionException if one has
     */
    void checkNone(String job, String instead) {
        for (Timed timed : sources) {
            if (timed.loader.has(job)) {
                throw new InvalidDefinitionException(
                        "job '" + job + "'", List.of("job source '" + timed.loader.id() + "' has it: " + instead));
            }
        }
    }

    void renamed(String from, String to) {
        sources.forEach(timed -> timed.loader.renamed(from, to));
    }
}
