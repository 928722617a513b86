package io.outfeed.support;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.operation.JobHandle;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A host that runs one job for hours, which pass at once. Each of its lives has an engine of its own. */
public final class SimulatedHost {

    private final Path directory;
    private final SettableClock clock;
    private final RetryPolicy retries;

    public SimulatedHost(Path directory, SettableClock clock, RetryPolicy retries) {
        this.directory = directory;
        this.clock = clock;
        this.retries = retries;
    }

    /**
     * A life from start to stop.
     *
     * @param store the store, which outlives the host
     * @param job the job
     * @param hours how long it lives
     * @param everyHour what else happens after each hour
     */
    public void live(ExportStore store, ExportJob job, int hours, Consumer<JobHandle> everyHour) {
        ManualScheduler scheduler = new ManualScheduler(clock);
        ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(retries)
                .renameLooks(Duration.ZERO)
                .build();
        JobHandle handle = engine.add(job);
        engine.start();
        for (int hour = 0; hour < hours; hour++) {
            scheduler.advance(Duration.ofHours(1));
            everyHour.accept(handle);
        }
        engine.close();
    }
}
