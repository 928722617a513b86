package io.outfeed.internal.engine;

import static java.util.Objects.requireNonNull;

import io.outfeed.RetryPolicy;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunObserver;
import io.outfeed.internal.clock.StoreClock;
import io.outfeed.internal.run.RunLimits;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.job.JobSource;
import io.outfeed.notification.Notifier;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.spool.Spool;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FileStore;
import io.outfeed.store.StoreChanges;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The settings of an engine, collected by {@link io.outfeed.ExportEngine.Builder}. Not thread-safe. */
public final class EngineSettings {

    /** Required. */
    public @Nullable Path directory;

    /** Null for a file store below the directory, which the engine opens and closes. */
    public @Nullable ExportStore store;

    /** Null where the nodes share the directory, or there is one node. */
    public @Nullable Spool spool;

    /** Null for a scheduler in this JVM with {@link #workers} threads. */
    public @Nullable Scheduler scheduler;

    /** Null for that of the store if it has one, else {@link #hostClock}. */
    public @Nullable Clock clock;

    /** What the clock of the store is compared with. */
    public Clock hostClock = Clock.systemUTC();

    public int workers = 4;

    /** Null for daemon threads of the platform. */
    public @Nullable ThreadFactory workerThreads;

    /** Null for one less than the processors. */
    public @Nullable Integer compressorThreads;

    /** Null for half of the workers. */
    public @Nullable Integer runsPerServer;

    /** Null for any number. */
    public @Nullable Integer runsPerDefinition;

    /** By the name of the parameter. */
    public Map<String, Integer> runsPerParameter = Map.of();

    public @Nullable Duration expectedWithin;

    public Duration closeTimeout = Duration.ofSeconds(30);
    public RetryPolicy retryPolicy = new RetryPolicy(3, Duration.ofSeconds(5));
    public Duration renameLooks = Duration.ofSeconds(10);
    public Duration keepHistory = Duration.ofDays(90);
    public List<ExportListener> listeners = List.of();
    public List<RunObserver> observers = List.of();
    public List<Notifier> notifiers = List.of();
    public List<LoadedSource> jobSources = List.of();

    /** Null for a daemon thread for each listener that has events. */
    public @Nullable Executor listenerExecutor;

    /** Null for never. */
    public @Nullable Duration checkDestinationsEvery;

    /**
     * A job source.
     *
     * @param source where the jobs are
     * @param every how often it is loaded
     */
    public record LoadedSource(JobSource source, Duration every) {}

    int compressorThreads() {
        return compressorThreads == null ? CompressorThreads.usual() : compressorThreads;
    }

    int runsPerServer() {
        return runsPerServer == null ? Math.max(1, workers / 2) : runsPerServer;
    }

    RunLimits runLimits() {
        return new RunLimits(
                runsPerServer(),
                runsPerDefinition == null ? OptionalInt.empty() : OptionalInt.of(runsPerDefinition),
                runsPerParameter,
                Math.max(1, workers / 4)); // the others are for what is due
    }

    Path spoolDirectory() {
        return requireNonNull(directory).resolve("spool");
    }

    String directoryName() {
        return requireNonNull(directory).toString();
    }

    /** Returns the configured store, or opens one. */
    ExportStore openStore() {
        return RecordedStore.of(
                store == null ? FileStore.open(requireNonNull(directory).resolve("store")) : store);
    }

    /** Returns the configured clock, or that of the store. */
    Clock chooseClock(ExportStore store) {
        if (clock != null) {
            return clock;
        }
        long asked = System.nanoTime();
        Optional<StoreChanges> first = store.changesSince(StoreChanges.FIRST);
        long answered = System.nanoTime();
        return first.<Clock>map(answer -> new StoreClock(hostClock, System::nanoTime, answer.now(), asked, answered))
                .orElse(hostClock);
    }

    /** Returns the configured scheduler, or makes one. */
    Scheduler makeScheduler() {
        if (scheduler != null) {
            return scheduler;
        }
        return workerThreads == null
                ? new InJvmScheduler(workers, closeTimeout)
                : new InJvmScheduler(workers, closeTimeout, workerThreads);
    }

    /** Returns in one line what is configured, for people. */
    String description() {
        return "directory " + directory
                + ", store "
                + (store == null ? "in files there" : store.getClass().getSimpleName())
                + (spool == null ? "" : ", spool " + spool.getClass().getSimpleName())
                + (scheduler == null
                        ? ", " + workers + " workers" + (workerThreads == null ? "" : " on threads of the host")
                        : ", scheduler " + scheduler.getClass().getSimpleName())
                + (compressorThreads == null ? "" : ", " + compressorThreads + " compressor threads")
                + ", " + runsPerServer() + " at a server"
                + (runsPerDefinition == null ? "" : ", " + runsPerDefinition + " of a definition")
                + (runsPerParameter.isEmpty() ? "" : ", for each value of a parameter " + runsPerParameter)
                + ", history of " + keepHistory.toDays() + " days"
                + ", destinations checked "
                + (checkDestinationsEvery == null ? "never" : "every " + checkDestinationsEvery)
                + ", " + listeners.size() + " listeners, " + notifiers.size() + " notifiers, " + jobSources.size()
                + " job sources";
    }
}
