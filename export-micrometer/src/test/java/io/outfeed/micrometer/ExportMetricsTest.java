package io.outfeed.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.outfeed.ExportJob;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExportMetricsTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final ListSource<Visit> source = Visit.source();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ExportMetrics metrics = new ExportMetrics(
            registry, JobTags.none().tag("tenant", job -> job.substring(job.indexOf('-') + 1)), Duration.ofMinutes(1));
    private final ExportSandbox sandbox = ExportSandbox.startingAt(START, engine -> engine.listener(metrics));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private void addJob(String name) {
        source.put(new Visit(1, START.minusSeconds(3600)), new Visit(2, START.minusSeconds(3600)));
        sandbox.add(ExportJob.builder(name, Visit.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .build());
        metrics.bind(sandbox.engine());
    }

    /** Moves the engine's clock and that of the registry. */
    private void advance(Duration duration) {
        sandbox.advance(duration);
        clock.add(duration);
        clock.add(Duration.ofMillis(sandbox.clock().millis() - clock.wallTime()));
        gauge("outfeed.jobs", "status", "success"); // finds new jobs
    }

    @Test
    void should_count_what_a_run_has_delivered() {
        addJob("visits-lakeside");
        advance(Duration.ofHours(2));

        assertThat(registry.get("outfeed.runs")
                        .tags("outcome", "committed", "trigger", "scheduled", "tenant", "lakeside")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(counter("outfeed.attempts", "outcome", "committed")).isEqualTo(1);
        assertThat(counter("outfeed.rows", "tenant", "lakeside")).isEqualTo(2);
        assertThat(counter("outfeed.bytes", "tenant", "lakeside"))
                .isEqualTo(lakeside.file("visits-lakeside-1.csv").bytes().length);
        assertThat(counter("outfeed.rejects", "tenant", "lakeside")).isZero();
        assertThat(counter("outfeed.files.delivered", "delivery", "lakeside")).isEqualTo(1);
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void should_show_jobs_by_status_and_open_incidents() {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        addJob("visits-lakeside");
        assertThat(gauge("outfeed.jobs", "status", "yet_to_execute")).isEqualTo(1);

        sandbox.advance(Duration.ofHours(1));
        clock.add(Duration.ofHours(1));

        assertThat(gauge("outfeed.jobs", "status", "delayed")).isEqualTo(1);
        assertThat(gauge("outfeed.jobs", "status", "yet_to_execute")).isZero();
        assertThat(gauge("outfeed.incidents.open", "scope", "server")).isEqualTo(1);
        assertThat(counter("outfeed.incidents", "code", "destination_unavailable"))
                .isEqualTo(1);

        advance(Duration.ofHours(1));

        assertThat(gauge("outfeed.jobs", "status", "delayed")).isZero();
        assertThat(gauge("outfeed.incidents.open", "scope", "server")).isZero();
        assertThat(counter("outfeed.attempts", "outcome", "committed")).isEqualTo(2);
    }

    @Test
    void should_show_how_far_behind_the_slowest_job_is() {
        addJob("visits-lakeside");
        assertThat(registry.find("outfeed.lag").gauges()).isEmpty();

        advance(Duration.ofHours(3));

        // The run at 07:00 has read what was settled two minutes before.
        assertThat(gauge("outfeed.lag", "tenant", "lakeside"))
                .isEqualTo((double) Duration.ofHours(2).plusMinutes(2).toSeconds());
    }

    @Test
    void should_read_the_store_only_when_the_gauges_are_old() {
        addJob("visits-lakeside");

        sandbox.advance(Duration.ofHours(2));
        clock.add(Duration.ofSeconds(59));
        assertThat(gauge("outfeed.jobs", "status", "success")).isZero();

        clock.add(Duration.ofSeconds(1));
        assertThat(gauge("outfeed.jobs", "status", "success")).isEqualTo(1);
    }

    @Test
    void should_have_no_value_when_the_engine_is_closed() {
        addJob("visits-lakeside");
        assertThat(gauge("outfeed.jobs", "status", "success")).isZero();

        sandbox.engine().close();
        clock.add(Duration.ofMinutes(1));

        assertThat(gauge("outfeed.jobs", "status", "success")).isNaN();
        assertThat(gauge("outfeed.workers.busy")).isZero();
    }

    @Test
    void should_show_the_engine_that_took_the_place_of_a_closed_one() {
        addJob("visits-lakeside");
        sandbox.engine().close();
        clock.add(Duration.ofMinutes(1));
        assertThat(gauge("outfeed.jobs", "status", "yet_to_execute")).isNaN();

        try (ExportSandbox next = ExportSandbox.startingAt(START, engine -> engine.listener(metrics))) {
            next.add(ExportJob.builder("visits-riverside", Visit.export(source)).build());
            metrics.bind(next.engine());

            assertThat(gauge("outfeed.jobs", "status", "yet_to_execute")).isEqualTo(1);
            assertThat(gauge("outfeed.workers.busy")).isZero();
        }
    }

    @Test
    void should_have_no_tag_that_tells_jobs_apart_by_default() {
        ExportMetrics few = new ExportMetrics(registry, JobTags.none(), Duration.ZERO);
        try (ExportSandbox other = ExportSandbox.startingAt(START, engine -> engine.listener(few))) {
            source.put(new Visit(1, START.minusSeconds(3600)));
            for (String job : new String[] {"visits-lakeside", "visits-riverside"}) {
                other.add(ExportJob.builder(job, Visit.export(source)).build());
                other.engine().job(job).runNow();
            }
        }

        assertThat(registry.get("outfeed.rows").counters())
                .singleElement()
                .satisfies(rows -> assertThat(rows.count()).isEqualTo(2));
    }

    @Test
    void should_count_the_run_of_a_job_that_has_no_value_for_a_tag() {
        ExportMetrics failing = new ExportMetrics(
                registry,
                JobTags.none().job().tag("region", job -> {
                    throw new IllegalStateException(job);
                }),
                Duration.ZERO);
        try (ExportSandbox other = ExportSandbox.startingAt(START, engine -> engine.listener(failing))) {
            source.put(new Visit(1, START.minusSeconds(3600)));
            other.add(ExportJob.builder("visits", Visit.export(source)).build());
            other.engine().job("visits").runNow();
        }

        assertThat(counter("outfeed.rows", "job", "visits", "region", "unknown"))
                .isEqualTo(1);
    }
}
