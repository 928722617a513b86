package io.outfeed.micrometer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.outfeed.ExportEngine;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.IncidentEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.run.ExportRun;
import java.time.Duration;
import java.util.Locale;

/**
 * Meters of an engine. Add it to the engine as a listener, then bind the engine to it:
 *
 * <pre>{@code
 * ExportMetrics metrics = new ExportMetrics(registry, JobTags.none(), Duration.ofMinutes(1));
 * ExportEngine engine = ExportEngine.builder().directory(home).listener(metrics).build();
 * metrics.bind(engine);
 * }</pre>
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>type</th><th>is</th><th>tags</th></tr>
 * <tr><td>outfeed.runs</td><td>timer</td><td>runs that have ended, from plan to end</td><td>outcome, trigger</td></tr>
 * <tr><td>outfeed.attempts</td><td>counter</td><td>attempts of the runs that have ended</td><td>outcome</td></tr>
 * <tr><td>outfeed.rows</td><td>counter</td><td>rows of the runs that have succeeded</td><td></td></tr>
 * <tr><td>outfeed.bytes</td><td>counter</td><td>bytes of their files</td><td></td></tr>
 * <tr><td>outfeed.rejects</td><td>counter</td><td>records that they have left out</td><td></td></tr>
 * <tr><td>outfeed.files.delivered</td><td>counter</td><td>files at destinations</td><td>delivery</td></tr>
 * <tr><td>outfeed.incidents</td><td>counter</td><td>incidents that were opened</td><td>code</td></tr>
 * <tr><td>outfeed.workers.busy</td><td>gauge</td><td>runs in progress on this node</td><td></td></tr>
 * <tr><td>outfeed.jobs</td><td>gauge</td><td>jobs by their status</td><td>status</td></tr>
 * <tr><td>outfeed.incidents.open</td><td>gauge</td><td>incidents that are open</td><td>scope</td></tr>
 * <tr><td>outfeed.lag</td><td>gauge</td><td>seconds behind of the slowest job</td><td></td></tr>
 * </table>
 *
 * <p>Runs, attempts, rows, bytes, rejects and the lag have the {@link JobTags} too. Jobs, incidents and the lag are
 * those of the store, on each node alike: take the maximum of the nodes, and of what is counted the sum. Thread-safe.
 */
public final class ExportMetrics implements ExportListener {

    private final MeterRegistry registry;
    private final JobTags tags;
    private final Duration refresh;

    /**
     * Makes the meters of an engine.
     *
     * @param registry where they are registered
     * @param tags the tags of meters that are about jobs
     * @param refresh how old the gauges that read the store may be, zero or more, such as a minute
     */
    public ExportMetrics(MeterRegistry registry, JobTags tags, Duration refresh) {
        this.registry = requireNonNull(registry, "registry");
        this.tags = requireNonNull(tags, "tags");
        this.refresh = requireNonNull(refresh, "refresh");
    }

    /**
     * Registers the gauges of an engine, in place of those of an engine that was bound before: a registry has one. It
     * holds on to the engine until it is closed itself, or another engine is bound.
     *
     * @param engine the engine that has these meters as a listener
     */
    public void bind(ExportEngine engine) {
        new EngineGauges(engine, registry, tags, refresh).register();
    }

    @Override
    public void onEvent(ExportEvent event) {
        if (event instanceof RunEvent of && of.kind().end()) {
            count(of.run());
        } else if (event instanceof DeliveredFilesEvent files && files.kind() == DeliveredFilesEvent.Kind.DELIVERED) {
            counter("outfeed.files.delivered", "files at destinations", Tags.of("delivery", files.delivery()))
                    .increment(files.files().size());
        } else if (event instanceof IncidentEvent incident && incident.kind() == IncidentEvent.Kind.OPENED) {
            counter(
                            "outfeed.incidents",
                            "incidents that were opened",
                            Tags.of("code", label(incident.incident().code())))
                    .increment();
        }
    }

    private void count(ExportRun run) {
        Tags job = tags.of(run.job());
        Tags outcome = job.and("outcome", label(run.status()));
        Timer.builder("outfeed.runs")
                .description("runs that have ended, from plan to end")
                .tags(outcome.and("trigger", label(run.trigger())))
                .register(registry)
                .record(Duration.between(run.startedAt(), run.endedAt().orElse(run.startedAt())));
        counter("outfeed.attempts", "attempts of the runs that have ended", outcome)
                .increment(run.attemptCount());
        if (run.hasMovedPositions()) {
            counter("outfeed.rows", "rows of the runs that have succeeded", job).increment((double) run.rows());
            Counter.builder("outfeed.bytes")
                    .description("bytes of the files of the runs that have succeeded")
                    .baseUnit("bytes")
                    .tags(job)
                    .register(registry)
                    .increment((double) run.bytes());
            counter("outfeed.rejects", "records that were left out", job).increment(run.rejected());
        }
    }

    private Counter counter(String name, String description, Tags all) {
        return Counter.builder(name).description(description).tags(all).register(registry);
    }

    /** Returns a constant as the value of a tag. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
