package io.outfeed.internal.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.IncidentEvent;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.support.Visit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server is away: one incident, however many jobs deliver there. */
class OutageTest extends IncidentFixture {

    private static final int JOBS = 40;

    private void addJobs() {
        for (int i = 0; i < JOBS; i++) {
            engine.add(daily(name(i), LocalTime.of(6, i), servers.at(SERVER, "at-" + i)));
        }
        write();
    }

    private static String name(int i) {
        return String.format("visits-%02d", i);
    }

    private void advanceTo(String time) {
        scheduler.advance(Duration.between(clock.instant(), Instant.parse(time)));
    }

    @Test
    void should_be_one_incident_and_three_notices() {
        addJobs();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        advanceTo("2026-03-02T07:00:00Z");

        assertThat(open()).singleElement().satisfies(incident -> {
            assertThat(incident.scope()).isEqualTo(new IncidentScope(Kind.SERVER, SERVER));
            assertThat(incident.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
            assertThat(incident.step()).isEqualTo(Incident.Step.CONNECT);
            assertThat(incident.openedAt()).isEqualTo("2026-03-02T06:00:00Z");
            assertThat(incident.jobs())
                    .containsExactlyElementsOf(
                            IntStream.range(0, JOBS).mapToObj(OutageTest::name).toList());
            assertThat(incident.status()).isEqualTo(Incident.Status.OPEN);
        });
        assertThat(told()).containsExactly("2026-03-02T06:00:00Z OPENED DESTINATION_UNAVAILABLE server " + SERVER);
        assertThat(servers.connects(SERVER)).describedAs("one tries for all").isBetween(5, 9);
        assertThat(engine.jobs(JobQuery.all().limit(100))).hasSize(JOBS).allSatisfy(job -> {
            assertThat(job.status()).isEqualTo(JobStatus.DELAYED);
            assertThat(job.delay().orElseThrow().failure().code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        });
        assertThat(engine.runs(RunQuery.all().limit(100)).runs()).hasSize(JOBS).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.WAITING);
            assertThat(run.waiting().flatMap(Waiting::incident))
                    .contains(open().get(0).id());
        });

        advanceTo("2026-03-03T12:30:00Z");
        assertThat(told())
                .hasSize(2)
                .last()
                .asString()
                .isEqualTo("2026-03-03T06:00:00Z REMINDER DESTINATION_UNAVAILABLE server " + SERVER);
        int triedUntilThen = servers.connects(SERVER);
        assertThat(triedUntilThen).describedAs("about once an hour").isBetween(30, 50);

        servers.restoreServer(SERVER);
        advanceTo("2026-03-03T14:00:00Z");
        assertThat(engine.jobs(JobQuery.all().status(JobStatus.DELAYED))).isEmpty();
        assertThat(engine.runs(RunQuery.all().status(RunStatus.FAILED)).runs())
                .describedAs("a run that was tried a day ago has ended, and the next one follows")
                .allSatisfy(run -> assertThat(Duration.between(
                                run.failingSince().orElseThrow(), run.endedAt().orElseThrow()))
                        .isGreaterThanOrEqualTo(Duration.ofDays(1)));
        assertThat(servers.connects(SERVER) - triedUntilThen)
                .describedAs("once each, and tries until it was back")
                .isBetween(JOBS - 5, JOBS + 1);
        assertThat(open()).isEmpty();
        Incident ended = engine.incidents(IncidentQuery.all()).get(0);
        assertThat(ended.end()).hasValueSatisfying(end -> {
            assertThat(end.how()).isEqualTo(IncidentEnd.How.RECOVERED);
            assertThat(end.waitingJobs()).isZero();
            assertThat(end.at()).isBetween("2026-03-03T12:30:00Z", "2026-03-03T13:30:00Z");
        });
        assertThat(told()).hasSize(3).last().asString().endsWith("ENDED DESTINATION_UNAVAILABLE server " + SERVER);
        assertThat(digests.get(2).at()).isEqualTo(ended.end().orElseThrow().at().plus(Duration.ofMinutes(10)));

        advanceTo("2026-03-05T00:00:00Z");
        assertThat(told()).hasSize(3);
        assertThat(engine.incidents(IncidentQuery.all())).hasSize(1);
        assertThat(store.unsettledIncidents()).isEmpty();
    }

    @Test
    void should_release_the_others_within_two_minutes_of_a_success() {
        addJobs();
        servers.failServer(SERVER, FailureCode.LOGIN_REFUSED);
        advanceTo("2026-03-02T08:30:00Z");
        int tried = servers.connects(SERVER);
        assertThat(tried).describedAs("once an hour").isEqualTo(3);

        servers.restoreServer(SERVER);
        advanceTo("2026-03-02T09:02:00Z");

        assertThat(engine.runs(RunQuery.all().status(RunStatus.COMMITTED).limit(100))
                        .runs())
                .hasSize(JOBS);
        assertThat(engine.runs(RunQuery.all().limit(100)).runs().stream()
                        .map(run -> run.endedAt().orElseThrow())
                        .distinct()
                        .count())
                .describedAs("not at once")
                .isGreaterThan(20);
    }

    @Test
    void should_release_at_once_what_waits_for_an_incident_that_ends_while_a_digest_is_sent() {
        engine.add(daily("visits", LocalTime.of(6, 0), servers.at(SERVER, "school")));
        write();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        notifier.meanwhile(() -> open().forEach(incident -> {
            servers.restoreServer(SERVER);
            engine.acknowledge(incident.id(), "the server is back");
        }));

        advanceTo("2026-03-02T06:00:00Z");

        assertThat(digests).isNotEmpty();
        assertThat(engine.runs(RunQuery.all()).runs())
                .singleElement()
                .extracting(ExportRun::status)
                .isEqualTo(RunStatus.COMMITTED);
    }

    /** The second of two jobs reads the incidents three times before it waits: after one of them the incident ends. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void should_release_a_job_whenever_the_incident_ends(int read) {
        engine.add(daily("visits-0", LocalTime.of(6, 0), servers.at(SERVER, "at-0")));
        engine.add(daily("visits-1", LocalTime.of(6, 0, 30), servers.at(SERVER, "at-1")));
        write();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        advanceTo("2026-03-02T06:00:29Z");
        int last = reads + read;
        afterRead = () -> {
            if (reads == last) {
                afterRead = () -> {};
                servers.restoreServer(SERVER);
                open().forEach(incident -> engine.acknowledge(incident.id(), "the server is back"));
                scheduler.runDue();
            }
        };

        advanceTo("2026-03-02T06:00:30Z");
        assertThat(reads).as("it was read that often").isGreaterThanOrEqualTo(last);
        advanceTo("2026-03-02T06:05:00Z");

        assertThat(engine.runs(RunQuery.all()).runs())
                .hasSize(2)
                .extracting(ExportRun::status)
                .containsOnly(RunStatus.COMMITTED);
    }

    @Test
    void should_read_the_incidents_once_a_minute_until_they_have_ended() {
        engine.add(daily("visits", LocalTime.of(6, 0), servers.at(SERVER, "school")));
        write();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        advanceTo("2026-03-02T08:35:30Z");
        int before = reads;
        advanceTo("2026-03-02T08:45:30Z");
        int open = reads - before;

        servers.restoreServer(SERVER);
        advanceTo("2026-03-02T09:30:30Z");
        assertThat(open()).isEmpty();
        assertThat(store.unsettledIncidents()).hasSize(1);
        before = reads;
        advanceTo("2026-03-02T10:00:30Z");

        assertThat(open).as("in ten minutes of the outage, between two tries").isEqualTo(10);
        assertThat(reads - before).as("in half an hour after it").isEqualTo(3);
    }

    @Test
    void should_leave_jobs_of_other_servers_alone() {
        addJobs();
        engine.add(daily("other", LocalTime.of(6, 30), servers.at("other.example:22", "other")));
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);

        advanceTo("2026-03-02T07:00:00Z");

        assertThat(engine.runs(RunQuery.ofJob("other")).runs())
                .singleElement()
                .satisfies(run -> assertThat(run.status()).isEqualTo(RunStatus.COMMITTED));
    }

    @Test
    void should_stop_only_one_destination_where_only_that_one_fails() {
        addJobs();
        servers.failDestination("at-3", FailureCode.DESTINATION_UNAVAILABLE);
        servers.failDestination("at-4", FailureCode.PERMISSION_DENIED);

        advanceTo("2026-03-02T07:00:00Z");

        assertThat(open())
                .extracting(Incident::scope)
                .containsExactlyInAnyOrder(
                        new IncidentScope(Kind.DESTINATION, "at-3"), new IncidentScope(Kind.DESTINATION, "at-4"));
        assertThat(engine.runs(RunQuery.all().status(RunStatus.COMMITTED).limit(100))
                        .runs())
                .hasSize(JOBS - 2);
        assertThat(told()).containsExactly("2026-03-02T06:03:00Z OPENED DESTINATION_UNAVAILABLE destination at-3");
        advanceTo("2026-03-02T07:03:00Z");
        assertThat(told())
                .describedAs("at most one digest an hour")
                .hasSize(2)
                .last()
                .asString()
                .isEqualTo("2026-03-02T07:03:00Z OPENED PERMISSION_DENIED destination at-4");
    }

    @Test
    void should_open_again_without_a_notice_and_tell_one_end_of_a_flapping_server() {
        addJobs();
        for (int i = 0; i < 6; i++) {
            servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
            assertThatThrownBy(() -> engine.job(name(0)).runNow()).isInstanceOf(DeliveryException.class);
            scheduler.advance(Duration.ofMinutes(10));
            servers.restoreServer(SERVER);
            scheduler.advance(Duration.ofMinutes(35));
        }
        advanceTo("2026-03-02T05:59:00Z");

        assertThat(engine.incidents(IncidentQuery.all())).hasSize(1);
        assertThat(digests.stream().flatMap(digest -> digest.notices().stream()))
                .extracting(notice -> notice.kind().name())
                .containsExactly("OPENED", "ENDED");
    }

    @Test
    void should_try_for_all_by_another_job_each_time() {
        addJobs();
        servers.failServer(SERVER, FailureCode.LOGIN_REFUSED);
        advanceTo("2026-03-02T12:10:00Z");

        List<String> attempted = engine.runs(RunQuery.all().limit(100)).runs().stream()
                .filter(run -> run.attemptCount() > 0)
                .map(run -> run.job())
                .sorted()
                .toList();
        assertThat(servers.connects(SERVER)).isEqualTo(7);
        assertThat(attempted).hasSize(7);
    }

    @Test
    void should_pass_a_claim_on_that_is_not_used() {
        addJobs();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        advanceTo("2026-03-02T06:20:00Z");
        IntStream.range(0, JOBS - 1).forEach(i -> engine.job(name(i)).pause("not now"));
        servers.restoreServer(SERVER);

        advanceTo("2026-03-02T08:00:00Z");

        assertThat(engine.runs(RunQuery.ofJob(name(JOBS - 1))).runs())
                .singleElement()
                .satisfies(run -> assertThat(run.status()).isEqualTo(RunStatus.COMMITTED));
    }

    @Test
    void should_go_on_after_a_restart() {
        addJobs();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        advanceTo("2026-03-02T07:00:00Z");
        restart();
        for (int i = 0; i < JOBS; i++) {
            engine.add(daily(name(i), LocalTime.of(6, i), servers.at(SERVER, "at-" + i)));
        }
        int before = servers.connects(SERVER);
        advanceTo("2026-03-02T08:30:00Z");
        assertThat(servers.connects(SERVER) - before).isBetween(1, 4);

        servers.restoreServer(SERVER);
        advanceTo("2026-03-02T10:00:00Z");

        assertThat(engine.runs(RunQuery.all().status(RunStatus.COMMITTED).limit(100))
                        .runs())
                .hasSize(JOBS);
        assertThat(told()).hasSize(2);
    }

    @Test
    void should_end_when_no_job_uses_the_server_any_more() {
        addJobs();
        servers.failServer(SERVER, FailureCode.DESTINATION_UNAVAILABLE);
        advanceTo("2026-03-02T06:20:00Z");
        for (int i = 0; i < JOBS; i++) {
            engine.add(daily(name(i), LocalTime.of(6, i), servers.at("new.example:22", "at-" + i)));
        }

        advanceTo("2026-03-02T07:30:00Z");

        assertThat(open()).isEmpty();
        assertThat(engine.incidents(IncidentQuery.all())
                        .get(0)
                        .end()
                        .orElseThrow()
                        .how())
                .isEqualTo(IncidentEnd.How.NO_LONGER_RELEVANT);
        assertThat(engine.runs(RunQuery.all().status(RunStatus.COMMITTED).limit(100))
                        .runs())
                .describedAs("the jobs at the new server")
                .hasSize(JOBS);
    }

    @Test
    void should_not_recover_by_a_step_before_the_one_that_fails() {
        addJobs();
        servers.failPublication("at-3", FailureCode.DESTINATION_UNAVAILABLE);

        advanceTo("2026-03-02T10:00:00Z");

        assertThat(open()).singleElement().satisfies(incident -> {
            assertThat(incident.step()).isEqualTo(Incident.Step.PUBLISH);
            assertThat(incident.signs()).describedAs("attempts").isBetween(5L, 12L);
        });
        assertThat(events.stream().filter(IncidentEvent.class::isInstance).map(event -> ((IncidentEvent) event).kind()))
                .containsExactly(IncidentEvent.Kind.OPENED);
    }

    @Test
    void should_wake_only_the_job_that_tries_for_all() {
        addJobs();
        servers.failServer(SERVER, FailureCode.LOGIN_REFUSED);
        advanceTo("2026-03-02T08:30:00Z");

        int woken = scheduler.advance(Duration.ofHours(4));

        assertThat(woken)
                .describedAs("four tries, and each job twice in case nothing had woken it")
                .isLessThan(4 * 3 + 2 * JOBS);
    }

    @Test
    void should_stage_a_run_that_has_only_waited() {
        source.put(Visit.of(1_000, "a", "2026-03-01T00:00:00Z"));
        engine.add(daily("first", LocalTime.of(6, 0), servers.at(SERVER, "shared")));
        engine.add(daily("second", LocalTime.of(6, 1), servers.at(SERVER, "shared")));
        servers.failDestination("shared", FailureCode.TEMPORARY_TAKEN);
        advanceTo("2026-03-02T06:30:00Z");
        assertThat(open()).extracting(Incident::jobs).containsExactly(List.of("first", "second"));

        servers.restoreDestination("shared");
        advanceTo("2026-03-02T07:30:00Z");

        assertThat(engine.runs(RunQuery.ofJob("second")).runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(run.rows()).isEqualTo(1);
        });
    }
}
