package io.outfeed.internal.engine;

import static java.util.Objects.requireNonNull;

import io.outfeed.RetryPolicy;
import io.outfeed.event.ExportListener;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FileStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a host chooses for its engine, collected by {@link io.outfeed.ExportEngine.Builder}. Not thread-safe. */
public final class EngineSettings {

    /** Required. */
    public @Nullable Path directory;

    /** Null for one of files below the directory, which the engine opens and closes. */
    public @Nullable ExportStore store;

    /** Null for one with {@link #workers} in this JVM. */
    public @Nullable Scheduler scheduler;

    public Clock clock = Clock.systemUTC();
    public int workers = 4;
    public Duration closeTimeout = Duration.ofSeconds(30);
    public RetryPolicy retryPolicy = new RetryPolicy(3, Duration.ofSeconds(5));
    public Duration keepHistory = Duration.ofDays(90);
    public List<ExportListener> listeners = List.of();

    /** Null for a daemon thread for each listener that has something to hear. */
    public @Nullable Executor listenerExecutor;

    /** Null for never. */
    public @Nullable Duration checkDestinationsEvery;

    Path spool() {
        return requireNonNull(directory).resolve("spool");
    }

    /** Returns the store that was chosen, or opens one. */
    ExportStore openStore() {
        return store == null ? FileStore.open(requireNonNull(directory).resolve("store")) : store;
    }

    /** Returns the scheduler that was chosen, or makes one. */
    Scheduler makeScheduler() {
        return scheduler == null ? new InJvmScheduler(clock, workers, closeTimeout) : scheduler;
    }
}
