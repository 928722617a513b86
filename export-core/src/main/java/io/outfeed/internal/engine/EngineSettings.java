package io.outfeed.internal.engine;

import io.outfeed.RetryPolicy;
import io.outfeed.event.ExportListener;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.store.ExportStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What a host has chosen for its engine. */
public record EngineSettings(
        Path spool,
        ExportStore store,
        boolean ownsStore,
        Scheduler scheduler,
        Clock clock,
        List<ExportListener> listeners,
        Optional<Executor> listenerExecutor,
        RetryPolicy retryPolicy,
        Duration keepHistory,
        Optional<Duration> checkDestinationsEvery) {}
