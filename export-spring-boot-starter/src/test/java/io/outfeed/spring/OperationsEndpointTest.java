package io.outfeed.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.event.RunEvent;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.spring.actuate.OutfeedOperationsEndpoint;
import io.outfeed.spring.actuate.OutfeedOperationsEndpoint.Refusal;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.view.IncidentView;
import io.outfeed.view.JobView;
import io.outfeed.view.RunView;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Each operation of the endpoint, on an engine whose time the test moves. */
class OperationsEndpointTest {

    private static final Instant START = Instant.parse("2026-03-02T06:00:00Z");

    private final BlockingQueue<Long> succeeded = new LinkedBlockingQueue<>();
    private final ExportSandbox sandbox = ExportSandbox.startingAt(
            START,
            engine -> engine.listener(event -> {
                if (event instanceof RunEvent run && run.kind() == RunEvent.Kind.SUCCEEDED) {
                    succeeded.add(run.run().number());
                }
            }));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Contact> source = Contact.source();
    private final OutfeedOperationsEndpoint endpoint = new OutfeedOperationsEndpoint(sandbox.engine());

    /** Why the guard of the job holds its runs; empty if it does not. */
    private Optional<String> objection = Optional.empty();

    @BeforeEach
    void add_job() {
        source.put(new Contact(1, "Ann", "A", START.minusSeconds(60)));
        sandbox.add(ExportJob.builder("contacts", Contact.export(source))
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .holdIf((staged, previous) -> objection)
                .build());
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportRun runAtSeven() {
        sandbox.advance(Duration.ofHours(1));
        return last();
    }

    private ExportRun last() {
        return sandbox.engine().runs(RunQuery.all()).runs().get(0);
    }

    private Object perform(String subject, Object id, String action) {
        WebEndpointResponse<Object> answer = endpoint.perform(subject, String.valueOf(id), action, "by a person");
        assertThat(answer.getStatus()).as(String.valueOf(answer.getBody())).isEqualTo(200);
        return requireNonNull(answer.getBody());
    }

    private String statusAfter(long run, String action) {
        return ((RunView) perform("runs", run, action)).status();
    }

    private Refusal refused(long run, String action) {
        WebEndpointResponse<Object> answer = endpoint.perform("runs", String.valueOf(run), action, "by a person");
        assertThat(answer.getStatus()).isEqualTo(409);
        return (Refusal) requireNonNull(answer.getBody());
    }

    @Test
    void should_run_a_job_that_waits_for_its_fire_time() throws InterruptedException {
        RunView started = (RunView) perform("jobs", "contacts", "run");

        assertThat(started.job()).isEqualTo("contacts");
        assertThat(succeeded.take()).isEqualTo(started.number()); // it runs on a thread of the engine
        assertThat(lakeside.file("contacts-1.csv").lines()).containsExactly("id,name", "1,Ann");
    }

    @Test
    void should_pause_and_resume_a_job() {
        JobView paused = (JobView) perform("jobs", "contacts", "pause");
        assertThat(requireNonNull(paused.pause()).reason()).isEqualTo("by a person");
        sandbox.advance(Duration.ofDays(1));
        assertThat(lakeside.files()).isEmpty();

        assertThat(((JobView) perform("jobs", "contacts", "resume")).pause()).isNull();
        sandbox.advance(Duration.ofDays(1));

        assertThat(lakeside.files()).isNotEmpty();
    }

    @Test
    void should_redeliver_a_run() {
        ExportRun run = runAtSeven();
        lakeside.take("contacts-1.csv");

        assertThat(statusAfter(run.number(), "redeliver")).isEqualTo("COMMITTED");

        assertThat(lakeside.file("contacts-1.csv").lines()).hasSize(2);
        assertThat(last().number()).isGreaterThan(run.number());
    }

    @Test
    void should_release_or_discard_a_held_run() {
        objection = Optional.of("too few records");
        ExportRun first = runAtSeven();
        assertThat(first.status()).isEqualTo(RunStatus.HELD);
        assertThat(statusAfter(first.number(), "discard")).isEqualTo("DISCARDED");
        sandbox.advance(Duration.ofDays(1));
        ExportRun second = last();
        assertThat(second.status()).isEqualTo(RunStatus.HELD);

        assertThat(statusAfter(second.number(), "release")).isEqualTo("COMMITTED");

        assertThat(lakeside.files()).hasSize(1);
        assertThat(refused(second.number(), "release"))
                .isEqualTo(new Refusal(
                        "WRONG_STATE", "run 2 is COMMITTED: that can't be done to it (job=contacts, run=2)"));
        assertThat(refused(second.number(), "discard").code()).isEqualTo("WRONG_STATE");
        assertThat(refused(second.number(), "give-up").code()).isEqualTo("WRONG_STATE");
        assertThat(refused(second.number(), "cancel"))
                .isEqualTo(new Refusal("WRONG_STATE", "run 2 has begun to publish, or has ended"));
    }

    @Test
    void should_cancel_a_run_that_waits() {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        ExportRun run = runAtSeven();
        assertThat(run.status()).isEqualTo(RunStatus.WAITING);

        assertThat(statusAfter(run.number(), "cancel")).isEqualTo("CANCELLED");
    }

    @Test
    void should_give_up_a_run_that_its_destination_does_not_take() {
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        ExportRun run = runAtSeven();
        assertThat(run.status()).isEqualTo(RunStatus.WAITING);

        assertThat(statusAfter(run.number(), "give-up")).isEqualTo("GIVEN_UP");
    }

    @Test
    void should_answer_what_is_refused_with_its_code() {
        ExportRun run = runAtSeven();
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);

        WebEndpointResponse<Object> answer =
                endpoint.perform("runs", String.valueOf(run.number()), "redeliver", "by a person");

        assertThat(answer.getStatus()).isEqualTo(409);
        assertThat(((Refusal) requireNonNull(answer.getBody())).code()).isEqualTo("DESTINATION_UNAVAILABLE");
    }

    @Test
    void should_acknowledge_an_incident() {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        runAtSeven();
        String incident =
                sandbox.engine().incidents(IncidentQuery.open()).get(0).id();

        IncidentView ended = (IncidentView) perform("incidents", incident, "acknowledge");

        assertThat(ended.id()).isEqualTo(incident);
        assertThat(sandbox.engine().incidents(IncidentQuery.open())).isEmpty();
        assertThat(endpoint.perform("incidents", incident, "acknowledge", "again")
                        .getStatus())
                .as("it is not open any more")
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "jobs, none, run, why, 404",
        "jobs, contacts, explode, why, 400",
        "jobs, contacts, pause, ' ', 400",
        "runs, 4711, redeliver, why, 404",
        "runs, abc, redeliver, why, 404",
        "incidents, none, acknowledge, why, 404",
        "incidents, none, explode, why, 400",
        "tables, none, drop, why, 400"
    })
    void should_refuse_what_it_does_not_know(String subject, String id, String action, String reason, int status) {
        assertThat(endpoint.perform(subject, id, action, reason).getStatus()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jobs | contacts | explode | why | an action on a job is run, pause or resume",
                "jobs | contacts | pause | ' ' | say why the job is paused: the reason is shown with the pause",
                "incidents | none | explode | why | an action on an incident is acknowledge",
                "tables | none | drop | why | operations are on jobs, runs or incidents"
            })
    void should_say_what_it_knows(String subject, String id, String action, String reason, String message) {
        assertThat(endpoint.perform(subject, id, action, reason).getBody())
                .isEqualTo(new Refusal("BAD_REQUEST", message));
    }

    @Test
    void should_say_what_it_can_do_with_a_run() {
        assertThat(endpoint.perform("runs", Long.toString(runAtSeven().number()), "explode", "why")
                        .getBody())
                .isEqualTo(new Refusal(
                        "BAD_REQUEST", "an action on a run is redeliver, release, discard, cancel or give-up"));
    }
}
