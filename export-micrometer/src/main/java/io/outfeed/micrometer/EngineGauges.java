package io.outfeed.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.error.ExportException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentScope;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The gauges that read an engine: its store together, and not more often than they are refreshed. Thread-safe.
 *
 * <p>They are registered once, and never while a registry reads them: one that does finds a time series twice.
 */
final class EngineGauges {

    private final ExportEngine engine;
    private final MeterRegistry registry;
    private final JobTags tags;
    private final long refreshNanos;

    /** Guarded by this. */
    private Optional<Long> refreshedAt = Optional.empty();

    /** Guarded by this. */
    private Snapshot snapshot = Snapshot.NONE;

    EngineGauges(ExportEngine engine, MeterRegistry registry, JobTags tags, Duration refresh) {
        this.engine = engine;
        this.registry = registry;
        this.tags = tags;
        this.refreshNanos = refresh.toNanos();
    }

    /** What the store says. Where it does not answer there is no value, rather than an old one. */
    private record Snapshot(
            Map<JobStatus, Integer> jobs, Map<IncidentScope.Kind, Integer> incidents, Map<Tags, Double> lags) {

        private static final Snapshot NONE = new Snapshot(Map.of(), Map.of(), Map.of());
    }

    /** Of an engine that was bound before, a registry would keep the gauges, and ignore these. */
    void register() {
        for (String name : List.of("outfeed.workers.busy", "outfeed.jobs", "outfeed.incidents.open", "outfeed.lag")) {
            registry.find(name).gauges().forEach(registry::remove);
        }
        gauge(
                "outfeed.workers.busy",
                "runs in progress on this node",
                Tags.empty(),
                gauges -> engine.inProgress().size());
        for (JobStatus status : JobStatus.values()) {
            gauge(
                    "outfeed.jobs",
                    "jobs by their status",
                    Tags.of("status", ExportMetrics.label(status)),
                    gauges -> value(gauges.snapshot().jobs(), status));
        }
        for (IncidentScope.Kind scope : IncidentScope.Kind.values()) {
            gauge(
                    "outfeed.incidents.open",
                    "incidents that are open",
                    Tags.of("scope", ExportMetrics.label(scope)),
                    gauges -> value(gauges.snapshot().incidents(), scope));
        }
        registerLag(tags.isEmpty() ? List.of(Tags.empty()) : snapshot().lags().keySet());
    }

    /** Jobs may be added later: their tags are new, and a gauge that is there stays. */
    private void registerLag(Iterable<Tags> all) {
        all.forEach(of -> Gauge.builder(
                        "outfeed.lag", this, gauges -> value(gauges.snapshot().lags(), of))
                .description("time since the position of a job, of several jobs the longest")
                .baseUnit("seconds")
                .tags(of)
                .strongReference(true)
                .register(registry));
    }

    private void gauge(String name, String description, Tags of, ToDoubleFunction<EngineGauges> value) {
        Gauge.builder(name, this, value)
                .description(description)
                .tags(of)
                .strongReference(true)
                .register(registry);
    }

    private static <K> double value(Map<K, ? extends Number> values, K key) {
        Number value = values.get(key);
        return value == null ? Double.NaN : value.doubleValue();
    }

    private synchronized Snapshot snapshot() {
        long now = registry.config().clock().monotonicTime();
        if (refreshedAt.filter(before -> now - before < refreshNanos).isEmpty()) {
            refreshedAt = Optional.of(now);
            snapshot = read();
            if (!tags.isEmpty()) {
                registerLag(snapshot.lags().keySet());
            }
        }
        return snapshot;
    }

    private Snapshot read() {
        if (engine.stopped().isPresent()) {
            return Snapshot.NONE;
        }
        try {
            List<JobSummary> all = engine.jobs(JobQuery.all().limit(Integer.MAX_VALUE));
            return new Snapshot(statuses(all), incidents(), lags(all));
        } catch (ExportException e) {
            return Snapshot.NONE; // which has an incident of its own, and is in the log
        }
    }

    /** Each status has a number, so that a rule finds a zero where there is none. */
    private static Map<JobStatus, Integer> statuses(List<JobSummary> all) {
        Map<JobStatus, Integer> numbers = new EnumMap<>(JobStatus.class);
        for (JobStatus status : JobStatus.values()) {
            numbers.put(status, 0);
        }
        all.forEach(job -> numbers.merge(job.status(), 1, Integer::sum));
        return numbers;
    }

    private Map<IncidentScope.Kind, Integer> incidents() {
        Map<IncidentScope.Kind, Integer> numbers = new EnumMap<>(IncidentScope.Kind.class);
        for (IncidentScope.Kind scope : IncidentScope.Kind.values()) {
            numbers.put(scope, 0);
        }
        engine.incidents(IncidentQuery.open())
                .forEach(incident -> numbers.merge(incident.scope().kind(), 1, Integer::sum));
        return numbers;
    }

    private Map<Tags, Double> lags(List<JobSummary> all) {
        Instant now = Instant.ofEpochMilli(registry.config().clock().wallTime());
        Map<Tags, Double> longest = new HashMap<>();
        for (JobSummary job : all) {
            oldestPosition(job)
                    .ifPresent(position -> longest.merge(
                            tags.of(job.job().name()),
                            Math.max(0, Duration.between(position, now).toMillis() / 1000.0),
                            Math::max));
        }
        return longest;
    }

    /** Returns where the job is in time; empty if it has not delivered, or its positions are no times. */
    private Optional<Instant> oldestPosition(JobSummary job) {
        Optional<ExportRun> last = job.lastOutcome();
        if (last.isEmpty() || job.job().disabled().isPresent()) {
            return Optional.empty();
        }
        Stream<Position> positions = last.get().hasMovedPositions()
                ? last.get().windows().values().stream().map(Window::until)
                : job.job().definitions().stream()
                        .map(ExportDefinition::name)
                        .flatMap(name -> engine.job(job.job().name()).position(name).stream());
        return positions.flatMap(position -> position.instant().stream()).min(Instant::compareTo);
    }
}
