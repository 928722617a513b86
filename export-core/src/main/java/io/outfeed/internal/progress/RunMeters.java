package io.outfeed.internal.progress;

import io.outfeed.event.RunObserver;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of the runs that are in progress in an engine. Thread-safe. */
public final class RunMeters {

    private final Clock clock;
    private final List<RunObserver> observers;
    private final Map<Long, RunMeter> meters = new ConcurrentHashMap<>();

    public RunMeters(Clock clock, List<RunObserver> observers) {
        this.clock = clock;
        this.observers = List.copyOf(observers);
    }

    /** Registers a meter for a run, until the meter is closed or the run has ended. */
    public RunMeter open(ExportRun run) {
        RunMeter meter = new RunMeter(run, clock, observers, closed -> meters.remove(closed.run(), closed));
        meters.put(run.number(), meter);
        return meter;
    }

    /** Lets a run notice that it was cancelled, if its attempt is in progress in this engine. */
    public void cancel(long run) {
        Optional.ofNullable(meters.get(run)).ifPresent(RunMeter::cancel);
    }

    public void remove(long run) {
        meters.remove(run);
    }

    public Optional<RunProgress> ofRun(long run) {
        return Optional.ofNullable(meters.get(run)).map(RunMeter::progress);
    }

    /** Returns the progress of all runs, the oldest first. */
    public List<RunProgress> all() {
        return meters.values().stream()
                .sorted(Comparator.comparingLong(RunMeter::run))
                .map(RunMeter::progress)
                .toList();
    }

    /** Returns the progress of the run that a thread executes. */
    public Optional<RunProgress> onThread(Thread thread) {
        return meters.values().stream()
                .filter(meter -> meter.thread() == thread)
                .findFirst()
                .map(RunMeter::progress);
    }

    /** Returns the progress of a job's newest run: an older one may have lost the lock without noticing. */
    public Optional<RunProgress> ofJob(String job) {
        return meters.values().stream()
                .filter(meter -> meter.job().equals(job))
                .max(Comparator.comparingLong(RunMeter::run))
                .map(RunMeter::progress);
    }
}
