package io.outfeed.micrometer;

import static java.util.Objects.requireNonNull;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.outfeed.event.RunObserver;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;

/**
 * Observations of attempts and their steps, for traces. Each is the current one of its thread while it lasts: spans of
 * the host's HTTP clients and databases below it belong to it, and the log of a run has the id of its trace.
 *
 * <p>{@code outfeed.attempt} is an attempt of a run, {@code outfeed.stage} reading or writing a definition,
 * {@code outfeed.delivery} sending a file to one destination. Keys of low cardinality: {@code trigger}, {@code step},
 * {@code outcome} and {@code code}; of high cardinality, which are in traces only: {@code job}, {@code run},
 * {@code definition}, {@code delivery} and {@code path}. Thread-safe.
 */
public final class ExportObservations implements RunObserver {

    private static final String NONE = "none";

    private final ObservationRegistry registry;

    /**
     * Makes an observer, which is added to an engine by {@code ExportEngine.builder().observer(…)}.
     *
     * @param registry the registry of the observations
     */
    public ExportObservations(ObservationRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
    }

    @Override
    public Span beginAttempt(ExportRun run) {
        return begin(Observation.createNotStarted("outfeed.attempt", registry)
                .contextualName("attempt of " + run.job())
                .lowCardinalityKeyValue("trigger", ExportMetrics.label(run.trigger()))
                .highCardinalityKeyValues(KeyValues.of("job", run.job(), "run", Long.toString(run.number()))));
    }

    @Override
    public Span beginStep(RunProgress progress) {
        KeyValues of = KeyValues.of("job", progress.job(), "run", Long.toString(progress.run()));
        String step = ExportMetrics.label(progress.step());
        if (progress.delivery().isPresent()) {
            String delivery = progress.delivery().get();
            return begin(Observation.createNotStarted("outfeed.delivery", registry)
                    .contextualName(step + " to " + delivery)
                    .lowCardinalityKeyValue("step", step)
                    .highCardinalityKeyValues(of.and("delivery", delivery)
                            .and("path", progress.path().orElse(NONE))));
        }
        String definition = progress.definition().orElse(NONE);
        return begin(Observation.createNotStarted("outfeed.stage", registry)
                .contextualName(step + " " + definition)
                .lowCardinalityKeyValue("step", step)
                .highCardinalityKeyValues(of.and("definition", definition)));
    }

    @SuppressWarnings("MustBeClosed") // by the end of the span
    private static Span begin(Observation observation) {
        observation.start();
        Observation.Scope scope = observation.openScope();
        return end -> {
            scope.close();
            observation
                    .lowCardinalityKeyValue("outcome", end.failed() ? "failed" : "completed")
                    .lowCardinalityKeyValue(
                            "code", end.code().map(ExportMetrics::label).orElse(NONE))
                    .stop();
        };
    }
}
