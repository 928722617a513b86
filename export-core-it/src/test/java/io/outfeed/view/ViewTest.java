package io.outfeed.view;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-01T06:00:00Z"));
    private final ListSource<Visit> source = Visit.source();
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    @BeforeEach
    void add_a_job() {
        source.put(Visit.of(1, "first", "2026-02-01T00:00:00Z"));
        sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .description("visits of Lakeside")
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .copyTo(InMemoryDelivery.create("archive"))
                .parameter("token", "s3cret")
                .build());
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobHandle job() {
        return sandbox.engine().job("visits");
    }

    @Test
    void should_show_a_job_that_has_not_run() {
        assertThat(JobView.of(job().summary()))
                .isEqualTo(new JobView(
                        "visits",
                        "visits of Lakeside",
                        "YET_TO_EXECUTE",
                        "DAILY",
                        "2026-03-01T07:00:00Z",
                        List.of("visits"),
                        List.of("lakeside"),
                        List.of("archive"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0,
                        0,
                        Map.of(),
                        null,
                        null));
    }

    @Test
    void should_show_a_run_with_its_attempts_and_files() {
        sandbox.advance(Duration.ofHours(1));
        ExportRun run = sandbox.engine().run(1).run();

        RunDetails details = RunDetails.of(run);

        assertThat(details.run())
                .isEqualTo(new RunView(
                        1,
                        "visits",
                        "SCHEDULED",
                        "COMMITTED",
                        "2026-03-01T07:00:00Z",
                        "2026-03-01T07:00:00Z",
                        "2026-03-01T07:00:00Z",
                        1,
                        1L,
                        1,
                        1,
                        run.bytes(),
                        0,
                        run.attemptCount(),
                        false,
                        null,
                        null,
                        null,
                        run.note()));
        assertThat(details.attempts())
                .hasSize(run.attempts().size())
                .isEqualTo(run.attempts().stream().map(AttemptView::of).toList());
        FileView file = details.files().get(0);
        assertThat(file.path()).isEqualTo("visits-1.csv");
        assertThat(file.role()).isEqualTo("DATA");
        assertThat(file.rows()).isEqualTo(1);
        assertThat(file.sha256()).isEqualTo(run.files().get(0).sha256());
        assertThat(file.destinations())
                .extracting(FileView.Destination::delivery)
                .containsExactly("lakeside", "archive");
        assertThat(file.destinations().get(0))
                .isEqualTo(new FileView.Destination(
                        "lakeside",
                        "visits-1.csv",
                        "PUBLISHED",
                        "visits-1.csv",
                        "ATOMIC",
                        false,
                        0,
                        "2026-03-01T07:00:00Z",
                        null));
    }

    @Test
    void should_show_why_a_job_is_delayed_and_the_incident() {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.advance(Duration.ofHours(1));

        JobView job = JobView.of(job().summary());
        IncidentView incident =
                IncidentView.of(sandbox.engine().incidents(IncidentQuery.open()).get(0));

        assertThat(job.status()).isEqualTo("DELAYED");
        JobView.Delay delay = requireNonNull(job.delay());
        RunView current = requireNonNull(job.current());
        assertThat(delay.failure().code()).isEqualTo("DESTINATION_UNAVAILABLE");
        assertThat(delay.since()).isEqualTo("2026-03-01T07:00:00Z");
        assertThat(current.status()).isEqualTo("WAITING");
        assertThat(current.waiting()).isEqualTo(delay.next());
        assertThat(incident.code()).isEqualTo("DESTINATION_UNAVAILABLE");
        assertThat(incident.jobs()).containsExactly("visits");
        assertThat(incident.status()).isEqualTo("OPEN");
        assertThat(incident.end()).isNull();
    }

    @Test
    void should_show_how_an_incident_ended() {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.advance(Duration.ofHours(1));
        String id = sandbox.engine().incidents(IncidentQuery.open()).get(0).id();

        sandbox.engine().acknowledge(id, "known");

        assertThat(sandbox.engine().incidents(IncidentQuery.all()))
                .extracting(incident -> IncidentView.of(incident).end())
                .containsExactly(new IncidentView.End("2026-03-01T07:00:00Z", "ACKNOWLEDGED", "known", 1));
    }

    @Test
    void should_show_why_a_job_is_paused() {
        job().pause("the receiver moves");

        assertThat(JobView.of(job().summary()).pause())
                .isEqualTo(new JobView.Pause("OPERATOR", "the receiver moves", "2026-03-01T06:00:00Z"));
    }

    @Test
    void should_show_no_parameter() {
        assertThat(JobView.of(job().summary()).toString()).doesNotContain("s3cret");
    }
}
