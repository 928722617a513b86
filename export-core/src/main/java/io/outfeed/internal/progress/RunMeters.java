package io.outfeed.internal.progress;

import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The runs that an engine executes now, each with its meter. Thread-safe. */
public final class RunMeters {

    private final Clock clock;
    private final Map<Long, RunMeter> meters = new ConcurrentHashMap<>();

    public RunMeters(Clock clock) {
        this.clock = clock;
    }

    /** Shows a run until its meter is closed, or it has ended. */
    public RunMeter begin(ExportRun run) {
        RunMeter meter = new RunMeter(run, clock, closed -> meters.remove(closed.run(), closed));
        meters.put(run.number(), meter);
        return meter;
    }

    public void ended(long run) {
        meters.remove(run);
    }

    public Optional<RunProgress> ofRun(long run) {
        return Optional.ofNullable(meters.get(run)).map(RunMeter::progress);
    }

    /** The newest run, should one that has lost the job's lock not have noticed yet. */
    public Optional<RunProgress> ofJob(String job) {
        return meters.values().stream()
                .filter(meter -> meter.job().equals(job))
                .max(Comparator.comparingLong(RunMeter::run))
                .map(RunMeter::progress);
    }
}
