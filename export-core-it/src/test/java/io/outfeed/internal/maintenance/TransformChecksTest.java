package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobCheck.Finding;
import io.outfeed.operation.JobCheck.Subject;
import io.outfeed.operation.JobHandle;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether transforms have what they need, known before the night. */
class TransformChecksTest {

    private static final Problem SOON = new Problem(FailureCode.KEY_EXPIRING, "the key of lakeside expires soon");
    private static final Problem GONE = new Problem(FailureCode.KEY_UNUSABLE, "the key of lakeside has expired");

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T07:00:00Z"));
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final Keyed transform = new Keyed();

    private ExportEngine engine;

    @BeforeEach
    void start() {
        engine = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(scheduler)
                .clock(clock)
                .checkDestinationsEvery(Duration.ofDays(1))
                .build();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** A transform with a key. */
    private static final class Keyed implements FileTransform {

        private List<Problem> problems = List.of();
        private int checks;

        @Override
        public String ending() {
            return ".keyed";
        }

        @Override
        public OutputStream write(Content content, OutputStream out) {
            return out;
        }

        @Override
        public List<Problem> check(Instant now) {
            checks++;
            if (problems == null) {
                throw new IllegalStateException("the secret");
            }
            return problems;
        }

        @Override
        public String toString() {
            return "keyed";
        }
    }

    private JobHandle add(String name) {
        return engine.add(ExportJob.builder(name, Visit.export(Visit.source()))
                .deliverTo(InMemoryDelivery.create("lakeside"))
                .transforms(transform)
                .build());
    }

    private List<Incident> open() {
        return engine.incidents(IncidentQuery.open());
    }

    private void nextDay() {
        scheduler.advance(Duration.ofDays(1));
        scheduler.advance(Duration.ofMinutes(11)); // what recovers has ended by then
    }

    @Test
    void should_open_an_incident_of_each_job_until_a_check_finds_another_key() {
        add("first");
        add("second");
        transform.problems = List.of(SOON);
        engine.start();
        scheduler.runDue();

        assertThat(transform.checks).as("for both jobs").isEqualTo(1);
        assertThat(open())
                .extracting(incident -> incident.scope().name(), Incident::code, Incident::message)
                .containsExactlyInAnyOrder(
                        tuple("first", FailureCode.KEY_EXPIRING, SOON.message()),
                        tuple("second", FailureCode.KEY_EXPIRING, SOON.message()));

        engine.job("first").runNow();
        nextDay();
        assertThat(open()).as("a run proves nothing").hasSize(2);

        transform.problems = List.of();
        nextDay();
        assertThat(open()).isEmpty();
    }

    @Test
    void should_end_what_a_check_has_found_by_a_check() {
        add("first");
        transform.problems = List.of(GONE, SOON);
        engine.start();
        scheduler.runDue();

        assertThat(open())
                .extracting(Incident::code)
                .containsExactlyInAnyOrder(FailureCode.KEY_UNUSABLE, FailureCode.KEY_EXPIRING);

        transform.problems = List.of(SOON);
        nextDay();
        assertThat(open()).extracting(Incident::code).containsExactly(FailureCode.KEY_EXPIRING);
    }

    @Test
    void should_end_when_no_job_has_the_transform() {
        add("first");
        transform.problems = List.of(SOON);
        engine.start();
        scheduler.runDue();

        engine.add(ExportJob.builder("first", Visit.export(Visit.source())).build());
        nextDay();

        assertThat(open()).isEmpty();
    }

    @Test
    void should_be_a_part_of_the_check_of_a_job() {
        JobHandle job = add("first");
        transform.problems = List.of(SOON);

        assertThat(job.check().findings()).contains(new Finding(Subject.TRANSFORM, "keyed", Optional.of(SOON)));
        transform.problems = List.of();
        assertThat(job.check().findings()).contains(new Finding(Subject.TRANSFORM, "keyed", Optional.empty()));
    }

    @Test
    @SuppressWarnings("NullAway") // lets the check throw
    void should_not_tell_what_a_check_has_thrown() {
        JobHandle job = add("first");
        transform.problems = null;

        assertThat(job.check().problems())
                .extracting(Finding::toString)
                .singleElement()
                .asString()
                .startsWith("TRANSFORM keyed: ")
                .doesNotContain("secret");
    }
}
