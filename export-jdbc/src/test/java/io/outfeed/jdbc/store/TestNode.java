package io.outfeed.jdbc.store;

import io.outfeed.ExportEngine;
import io.outfeed.RetryPolicy;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A node of a host: a store and an engine, for which time passes when the test says so. Closes both. */
final class TestNode implements AutoCloseable {

    final ManualScheduler scheduler;
    final JdbcStore store;
    final ExportEngine engine;

    TestNode(JdbcStore store, Path directory, SettableClock clock) {
        this(store, directory, clock, options -> {});
    }

    TestNode(JdbcStore store, Path directory, SettableClock clock, Consumer<ExportEngine.Builder> options) {
        this.scheduler = new ManualScheduler(clock);
        this.store = store;
        ExportEngine.Builder builder = ExportEngine.builder()
                .directory(directory)
                .store(store)
                .clock(clock)
                .scheduler(scheduler)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO);
        options.accept(builder);
        this.engine = builder.build();
    }

    @Override
    public void close() {
        engine.close();
        store.close();
    }
}
