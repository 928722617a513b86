package io.outfeed.micrometer;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExportObservationsTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

    private final TestObservationRegistry registry = TestObservationRegistry.create();
    private final ListSource<Visit> source = Visit.source();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ExportSandbox sandbox =
            ExportSandbox.startingAt(START, engine -> engine.observer(new ExportObservations(registry)));

    @BeforeEach
    void add_a_job() {
        source.put(new Visit(1, START.minusSeconds(3600)));
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .build());
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void should_observe_an_attempt_and_each_delivery() {
        sandbox.engine().job("visits").runNow();

        assertThat(registry)
                .doesNotHaveAnyRemainingCurrentObservation()
                .hasObservationWithNameEqualTo("outfeed.attempt")
                .that()
                .hasContextualNameEqualTo("attempt of visits")
                .hasLowCardinalityKeyValue("trigger", "manual")
                .hasLowCardinalityKeyValue("outcome", "completed")
                .hasLowCardinalityKeyValue("code", "none")
                .hasHighCardinalityKeyValue("job", "visits")
                .hasBeenStarted()
                .hasBeenStopped();
        assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo("outfeed.delivery", 2)
                .hasNumberOfObservationsWithNameEqualTo("outfeed.stage", 2)
                .hasAnObservationWithAKeyValue("step", "publishing");
        assertThat(registry)
                .hasObservationWithNameEqualTo("outfeed.delivery")
                .that()
                .hasHighCardinalityKeyValue("path", "visits-1.csv")
                .hasHighCardinalityKeyValue("delivery", "lakeside")
                .hasParentObservationContextSatisfying(
                        parent -> assertThat(parent.getName()).isEqualTo("outfeed.attempt"));
    }

    @Test
    void should_say_how_an_attempt_has_failed() {
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);

        assertThatThrownBy(() -> sandbox.engine().job("visits").runNow()).isInstanceOf(DeliveryException.class);

        assertThat(registry)
                .hasObservationWithNameEqualTo("outfeed.attempt")
                .that()
                .hasLowCardinalityKeyValue("outcome", "failed")
                .hasLowCardinalityKeyValue("code", "destination_unavailable");
        assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void should_be_the_current_observation_of_what_a_run_calls() {
        List<String> current = new ArrayList<>();
        registry.observationConfig().observationHandler(context -> true);
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .holdIf((run, before) -> {
                    Observation observation = registry.getCurrentObservation();
                    current.add(
                            observation == null
                                    ? "none"
                                    : String.valueOf(observation.getContext().getName()));
                    return Optional.empty();
                })
                .build());

        sandbox.engine().job("visits").runNow();

        assertThat(current).hasSize(1).allSatisfy(name -> assertThat(name).startsWith("outfeed."));
    }
}
