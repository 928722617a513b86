package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.event.ExportEvent;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An engine for a test: its clock stands still until the test moves it, and due jobs run on the test's own thread.
 *
 * <pre>{@code
 * try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-01T06:00:00Z"))) {
 *     sandbox.add(job);
 *     sandbox.advance(Duration.ofDays(1));
 *     assertThat(delivery.file("interactions-1.csv").lines()).hasSize(3);
 * }
 * }</pre>
 *
 * <p>State is in memory; finished files lie in a temporary directory that {@link #close} removes. Listeners are
 * notified on the test's thread.
 *
 * <p>It does not imitate threads or a process that dies: {@link #restart} closes the engine in order. A failed upload
 * fails the attempt at once, unless {@linkplain #startingAt(Instant, Consumer) an option} says otherwise.
 *
 * <p>Not thread-safe: one thread uses it.
 */
public final class ExportSandbox implements AutoCloseable {

    private final SettableClock clock;
    private final InMemoryStore store = new InMemoryStore();
    private final Path directory;
    private final List<ExportEvent> events = new ArrayList<>();
    private final Consumer<ExportEngine.Builder> options;
    private ManualScheduler scheduler;
    private ExportEngine engine;

    private ExportSandbox(Instant now, Consumer<ExportEngine.Builder> options) {
        this.options = requireNonNull(options, "options");
        this.clock = SettableClock.at(requireNonNull(now, "now"));
        try {
            this.directory = Files.createTempDirectory("outfeed-sandbox");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.scheduler = new ManualScheduler(clock);
        this.engine = start();
    }

    /**
     * Makes a sandbox with a started engine.
     *
     * @param now what the clock shows
     * @return the sandbox; close it
     */
    public static ExportSandbox startingAt(Instant now) {
        return new ExportSandbox(now, engine -> {});
    }

    /**
     * Makes a sandbox with a started engine that has options of its own, such as listeners, notifiers, job sources,
     * retries and checks of destinations:
     *
     * <pre>{@code
     * ExportSandbox.startingAt(now, engine -> engine
     *         .listener(metrics)
     *         .retryPolicy(new RetryPolicy(3, Duration.ZERO))
     *         .checkDestinationsEvery(Duration.ofHours(12)));
     * }</pre>
     *
     * <p>Directory, store, scheduler, clock and the executor of the listeners stay those of the sandbox. What a
     * {@link RetryPolicy} waits is real time: use zero.
     *
     * @param now what the clock shows
     * @param options sets options of the engine; called for the engine after a restart too
     * @return the sandbox; close it
     */
    public static ExportSandbox startingAt(Instant now, Consumer<ExportEngine.Builder> options) {
        return new ExportSandbox(now, options);
    }

    private ExportEngine start() {
        ExportEngine.Builder builder = ExportEngine.builder()
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listener(events::add);
        options.accept(builder);
        ExportEngine started = builder.directory(directory)
                .store(store)
                .scheduler(scheduler)
                .clock(clock)
                .listenerExecutor(Runnable::run)
                .build();
        started.start();
        return started;
    }

    /**
     * Adds a job.
     *
     * @param job the job
     * @return its handle
     */
    public JobHandle add(ExportJob job) {
        return engine.add(job);
    }

    /**
     * Moves the clock, and runs each job at its time in between.
     *
     * @param duration by how much
     * @return how many times a job was woken
     */
    public int advance(Duration duration) {
        return scheduler.advance(duration);
    }

    /**
     * Closes the engine and starts another one on the same store, as a restart of the host does; then adds its jobs.
     */
    public void restart() {
        List<ExportJob> jobs = engine.jobs(JobQuery.all().limit(Integer.MAX_VALUE)).stream()
                .map(JobSummary::job)
                .toList();
        restartWithoutJobs();
        jobs.forEach(engine::add);
    }

    /** Closes the engine and starts another one on the same store: its jobs are to be added by the test. */
    public void restartWithoutJobs() {
        engine.close();
        scheduler = new ManualScheduler(clock);
        engine = start();
    }

    /**
     * Returns the events that the listeners of the engine received, in order, before and after restarts.
     *
     * @return the events
     */
    public List<ExportEvent> events() {
        return List.copyOf(events);
    }

    /**
     * Returns the events of one type that the listeners of the engine received, in order, before and after restarts.
     *
     * @param <E> the type
     * @param type the type, such as {@code RunEvent.class}
     * @return the events
     */
    public <E extends ExportEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * Returns the engine.
     *
     * @return the engine; another one after a restart
     */
    public ExportEngine engine() {
        return engine;
    }

    /**
     * Returns the clock.
     *
     * @return the clock
     */
    public SettableClock clock() {
        return clock;
    }

    /**
     * Returns what the engine remembers.
     *
     * @return the store
     */
    public InMemoryStore store() {
        return store;
    }

    /** Closes the engine and removes the finished files. */
    @Override
    public void close() {
        engine.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
