package io.outfeed.internal.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.MisfirePolicy;
import io.outfeed.RunGuard;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.MappingException;
import io.outfeed.error.StoreException;
import io.outfeed.event.IncidentEvent;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.Visit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Incidents of one job, which begin and end with what the store has of it. */
class IncidentOfJobTest extends IncidentFixture {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final LocalTime SIX = LocalTime.of(6, 0);

    @BeforeEach
    void writeRecord() {
        write();
        scheduler.advance(Duration.ofMinutes(1)); // else the record is not behind the run
    }

    private ExportJob.Builder job() {
        return ExportJob.builder("visits", Visit.export(source)).deliverTo(servers.at(SERVER, "lakeside"));
    }

    private Incident onlyOpen() {
        assertThat(open()).hasSize(1);
        return open().get(0);
    }

    private Incident last() {
        return engine.incidents(IncidentQuery.all().limit(1)).get(0);
    }

    @Test
    void should_be_open_while_a_run_is_held() {
        JobHandle job = engine.add(job().holdIf(RunGuard.moreRowsThan(0)).build());
        long run = job.runNow().number();
        scheduler.advance(Duration.ofHours(5));

        assertThat(onlyOpen().code()).isEqualTo(FailureCode.RUN_HELD);
        assertThat(onlyOpen().scope()).isEqualTo(new IncidentScope(Kind.JOB, "visits"));
        engine.run(run).release();
        scheduler.advance(Duration.ofMinutes(10));

        assertThat(open()).isEmpty();
        assertThat(last().end()).map(IncidentEnd::how).contains(IncidentEnd.How.RECOVERED);
        assertThat(told())
                .containsExactly(
                        "2026-03-02T00:01:00Z OPENED RUN_HELD job visits",
                        "2026-03-02T05:02:00Z ENDED RUN_HELD job visits");
    }

    @Test
    void should_be_open_while_the_engine_has_paused_the_job() {
        JobHandle job = engine.add(job().retryFor(Duration.ZERO)
                .pauseAfterFailures(2)
                .schedule(Schedule.every(HOUR, START))
                .build());
        servers.failDestination("lakeside", FailureCode.PERMISSION_DENIED);
        scheduler.advance(Duration.ofHours(6));

        assertThat(open())
                .extracting(Incident::code)
                .containsExactlyInAnyOrder(FailureCode.PERMISSION_DENIED, FailureCode.JOB_PAUSED);
        servers.restoreDestination("lakeside");
        job.resume();
        scheduler.advance(Duration.ofHours(2));

        assertThat(open()).isEmpty();
    }

    @Test
    void should_not_be_opened_by_a_pause_of_a_person() {
        engine.add(job().build()).pause("the receiver is away");
        scheduler.advance(HOUR);

        assertThat(engine.incidents(IncidentQuery.all())).isEmpty();
    }

    @Test
    void should_be_open_while_a_delivery_is_overdue_for_no_other_known_reason() {
        JobHandle job = engine.add(job().schedule(Schedule.daily(SIX, ZoneOffset.UTC))
                .expectDeliveredWithin(HOUR)
                .build());
        job.pause("forgotten");
        scheduler.advance(Duration.ofHours(8));

        assertThat(onlyOpen().code()).isEqualTo(FailureCode.DELIVERY_OVERDUE);
        job.resume();
        scheduler.advance(HOUR);

        assertThat(open()).isEmpty();
        assertThat(told()).hasSize(2);
    }

    @Test
    void should_not_be_overdue_too_while_the_server_is_away() {
        engine.add(job().schedule(Schedule.daily(SIX, ZoneOffset.UTC))
                .expectDeliveredWithin(HOUR)
                .build());
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        scheduler.advance(Duration.ofHours(12));

        assertThat(onlyOpen().code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        assertThat(engine.jobs(JobQuery.all()).get(0).overdueSince()).isPresent();
    }

    @Test
    void should_end_with_the_next_success_of_the_job() {
        JobHandle job = engine.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("v-{sequence}.csv"))
                                .fields(f -> f.field("number", visit -> Integer.valueOf(visit.note())))
                                .build())
                .deliverTo(servers.at(SERVER, "lakeside"))
                .build());
        assertThatThrownBy(job::runNow).isInstanceOf(MappingException.class);
        assertThat(onlyOpen().code()).isEqualTo(FailureCode.MAPPING_FAILED);

        JobHandle corrected = engine.add(job().build());
        corrected.runNow();
        assertThat(onlyOpen().status()).isEqualTo(Incident.Status.RECOVERING);
        scheduler.advance(Duration.ofMinutes(10));

        assertThat(open()).isEmpty();
        assertThat(events.stream().filter(IncidentEvent.class::isInstance).map(event -> ((IncidentEvent) event).kind()))
                .containsExactly(IncidentEvent.Kind.OPENED, IncidentEvent.Kind.RECOVERING, IncidentEvent.Kind.ENDED);
    }

    @Test
    void should_be_ended_by_a_person_and_opened_anew_by_the_next_failure() {
        JobHandle job = engine.add(job().schedule(Schedule.every(HOUR, START)).build());
        servers.failServer(SERVER, FailureCode.LOGIN_REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        Incident first = onlyOpen();
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(engine.acknowledge("unknown", "no")).isEmpty();
        Incident ended =
                engine.acknowledge(first.id(), "the password is being changed").orElseThrow();
        assertThat(ended.end()).hasValueSatisfying(end -> {
            assertThat(end.how()).isEqualTo(IncidentEnd.How.ACKNOWLEDGED);
            assertThat(end.reason()).isEqualTo("the password is being changed");
            assertThat(end.waitingJobs()).isEqualTo(1);
        });
        assertThat(engine.acknowledge(first.id(), "again")).isEmpty();
        int tried = servers.connects(SERVER);
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(servers.connects(SERVER))
                .describedAs("the job tries at once")
                .isEqualTo(tried + 1);
        assertThat(onlyOpen().id()).isNotEqualTo(first.id());
    }

    @Test
    void should_be_of_the_node_if_its_disk_can_not_be_written() throws Exception {
        JobHandle job = engine.add(job().build());
        job.runNow();
        write();
        scheduler.advance(Duration.ofMinutes(1));
        Path spool = directory.resolve("spool");
        Files.move(spool, directory.resolve("elsewhere"));
        Files.createFile(spool);
        assertThatThrownBy(job::runNow).isInstanceOf(StoreException.class);

        assertThat(onlyOpen().code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
        assertThat(onlyOpen().scope()).isEqualTo(new IncidentScope(Kind.NODE, directory.toString()));
        Files.delete(spool);
        Files.move(directory.resolve("elsewhere"), spool);
        scheduler.advance(HOUR);

        assertThat(open()).isEmpty();
    }

    @Test
    void should_be_opened_anew_although_the_clock_stands_still() {
        JobHandle job = engine.add(job().build());
        servers.failServer(SERVER, FailureCode.LOGIN_REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        Incident first = onlyOpen();
        assertThat(engine.acknowledge(first.id(), "known")).isPresent();

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(onlyOpen().id()).isNotEqualTo(first.id());
        assertThat(onlyOpen().openedAt()).isEqualTo(first.openedAt());
    }

    @Test
    void should_send_a_digest_again_that_could_not_be_sent() {
        JobHandle job = engine.add(job().build());
        notifier.away(true);
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        scheduler.advance(Duration.ofHours(3));
        assertThat(digests).isEmpty();
        assertThat(open())
                .extracting(Incident::scope)
                .containsExactlyInAnyOrder(
                        new IncidentScope(Kind.SERVER, SERVER), new IncidentScope(Kind.NOTIFIER, "operators"));

        notifier.away(false);
        scheduler.advance(HOUR);

        assertThat(digests).hasSize(1);
        assertThat(digests.get(0).notices()).hasSize(2);
        scheduler.advance(HOUR);
        assertThat(told()).hasSize(3).last().asString().endsWith("ENDED UNEXPECTED notifier operators");
    }

    @Test
    void should_tell_once_of_what_was_over_at_once() {
        source.put(Visit.of(100, "a", "2026-03-01T20:00:00Z"));
        engine.add(job().schedule(Schedule.daily(SIX, ZoneOffset.UTC))
                .schedulePolicy(p -> p.misfires(MisfirePolicy.runOnceWithin(HOUR)))
                .build());
        clock.advance(Duration.ofHours(9));
        scheduler.advance(Duration.ofHours(6));

        assertThat(told()).singleElement().asString().endsWith("OPENED FIRES_SKIPPED job visits");
        assertThat(List.copyOf(open())).isEmpty();
    }
}
