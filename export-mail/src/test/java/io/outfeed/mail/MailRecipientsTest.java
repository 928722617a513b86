package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientDelivery.Refusal;
import io.outfeed.delivery.RecipientDelivery.State;
import io.outfeed.error.FailureCode;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.RecipientsRefusedEvent;
import io.outfeed.file.WhenEmpty;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.ExportStore;
import io.outfeed.store.RunStep;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A daily job that mails its file to three recipients, which the server treats differently. */
class MailRecipientsTest {

    private static final String A = "a@x.example";
    private static final String B = "b@y.example";
    private static final String C = "c@z.example";
    private static final String TO_B = "RCPT TO:<b@y.example>";

    private record Visit(long id, Instant updatedAt) {}

    @TempDir
    Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T06:00:00Z"));
    private final ListSource<Visit> visits = ListSource.create(Visit::id, Visit::updatedAt);
    private final InMemoryStore store = new InMemoryStore();
    private final List<ExportEvent> events = new ArrayList<>();
    private boolean sourceAway;
    private WhenEmpty whenEmpty = WhenEmpty.HEADER_ONLY;
    private ScriptedMailServer mail;
    private ManualScheduler scheduler = new ManualScheduler(clock);
    private ExportEngine engine;

    @BeforeEach
    void start() throws Exception {
        mail = new ScriptedMailServer();
        engine = started(store);
        engine.add(daily(A + ", " + B + ", " + C));
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        mail.close();
    }

    // ---- refused for good

    @Test
    void should_serve_the_others_each_day_while_one_mailbox_is_gone() {
        mail.on(TO_B, "550 5.1.1 <b@y.example>: no such user");

        for (int day = 1; day <= 5; day++) {
            day();

            assertThat(run(day).status()).as("day " + day).isEqualTo(RunStatus.COMMITTED);
            assertThat(run(day).deliveries().get(0).receipt().orElseThrow().refused())
                    .extracting(RecipientDelivery::number, RecipientDelivery::refusal)
                    .containsExactly(tuple(2, Optional.of(new Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1"))));
        }

        assertThat(mail.recipients()).containsExactly(A, C, A, C, A, C, A, C, A, C);
        assertThat(attempts(B)).as("one attempt a day").isEqualTo(5);
        assertThat(run(2).deliveries().get(0).recipients())
                .extracting(RecipientDelivery::number, RecipientDelivery::state)
                .containsExactly(tuple(1, State.ACCEPTED), tuple(2, State.REFUSED), tuple(3, State.ACCEPTED));
    }

    @Test
    void should_report_a_recipient_once_when_it_begins_to_be_refused() {
        mail.on(TO_B, "550 5.1.1 no", "550 5.1.1 no", "250 ok", "550 5.1.1 no");
        List<List<RecipientDelivery>> reported = new ArrayList<>();

        for (int day = 1; day <= 5; day++) {
            day();
            reported.add(refusals().stream()
                    .flatMap(event -> event.recipients().stream())
                    .toList());
            events.clear();
        }

        assertThat(reported.stream().map(List::size)).containsExactly(1, 0, 0, 1, 0);
        assertThat(reported.get(0)).containsExactlyElementsOf(reported.get(3));
    }

    @Test
    void should_show_refused_recipients_until_they_are_accepted() {
        mail.on(TO_B, "550 5.1.1 no", "250 ok");
        JobQuery refused = JobQuery.all().refusedRecipients();

        day();
        JobSummary summary = engine.job("visits").summary();
        assertThat(summary.status()).isEqualTo(JobStatus.SUCCESS);
        assertThat(summary.refusedRecipients()).containsOnlyKeys("office");
        assertThat(summary)
                .hasToString("job 'visits': success, refused recipients: {office=[recipient 2: REFUSED"
                        + " (DESTINATION_MISSING, 550 5.1.1)]}, next at 2026-03-02T07:00:00Z");
        assertThat(engine.jobs(refused)).hasSize(1);

        day();
        assertThat(engine.job("visits").summary().refusedRecipients()).isEmpty();
        assertThat(engine.jobs(refused)).isEmpty();
    }

    @Test
    void should_show_a_refused_recipient_whatever_follows_until_it_is_accepted() {
        mail.on(TO_B, "550 5.1.1 no", "250 ok");
        withoutEmptyFiles();
        day();
        List<RecipientDelivery> refused = refused();
        assertThat(refused)
                .extracting(RecipientDelivery::number, RecipientDelivery::refusal)
                .containsExactly(tuple(2, Optional.of(new Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1"))));

        scheduler.advance(Duration.ofDays(100));
        assertThat(store.run(1)).as("pruned").isEmpty();
        assertThat(lastRun().status()).isEqualTo(RunStatus.EMPTY);
        assertThat(refused()).as("after runs without records").isEqualTo(refused);

        restart();
        assertThat(refused()).as("after a restart").isEqualTo(refused);

        visits.put(new Visit(7, clock.instant()));
        sourceAway = true;
        scheduler.advance(Duration.ofDays(2));
        assertThat(store.runs(RunQuery.ofJob("visits").status(RunStatus.FAILED)))
                .isNotEmpty();
        assertThat(refused()).as("after a run that has failed").isEqualTo(refused);

        assertThat(engine.jobs(JobQuery.all().refusedRecipients())).hasSize(1);

        sourceAway = false;
        scheduler.advance(Duration.ofDays(1));
        assertThat(lastRun().status()).isIn(RunStatus.COMMITTED, RunStatus.EMPTY);
        assertThat(refused()).isEmpty();
    }

    @Test
    void should_not_report_a_recipient_again_after_a_month_of_runs_without_records() {
        mail.on(TO_B, "550 5.1.1 no");
        withoutEmptyFiles();
        day();
        assertThat(refusals()).hasSize(1);

        scheduler.advance(Duration.ofDays(120));
        day();

        assertThat(refused()).hasSize(1);
        assertThat(refusals()).as("known").hasSize(1);
    }

    @Test
    void should_not_show_a_recipient_that_the_job_has_no_more() {
        mail.on(TO_B, "550 5.1.1 no");
        day();

        engine.add(daily(A + ", " + C));
        assertThat(refused()).as("before its next run").isEmpty();
        assertThat(engine.jobs(JobQuery.all().refusedRecipients())).isEmpty();

        engine.add(daily(A + ", " + B + ", " + C));
        assertThat(refused()).as("nothing was accepted for it").hasSize(1);

        engine.add(daily(A + ", " + C));
        day();
        engine.add(daily(A + ", " + B + ", " + C));
        assertThat(refused()).as("its files were delivered without it").isEmpty();
    }

    @Test
    void should_not_show_a_recipient_that_an_open_run_has_reached() {
        mail.on(TO_B, "550 5.1.1 no", "250 ok");
        day();
        mail.on("RCPT TO:<c@z.example>", "451 4.7.1 greylisted");

        fire();

        assertThat(lastRun().status()).isEqualTo(RunStatus.WAITING);
        assertThat(refused()).isEmpty();
    }

    @Test
    void should_not_show_a_recipient_that_was_reached_by_a_run_that_was_given_up() {
        mail.on(TO_B, "550 5.1.1 no", "250 ok");
        day();
        mail.on("RCPT TO:<c@z.example>", "451 4.7.1 greylisted");
        fire();

        engine.run(lastRun().number()).giveUp("it is late");

        assertThat(lastRun().status()).isEqualTo(RunStatus.GIVEN_UP);
        assertThat(refused()).isEmpty();
    }

    @Test
    void should_not_show_a_recipient_that_a_redelivery_has_reached() {
        mail.on(TO_B, "550 5.1.1 no", "250 ok");
        day();
        assertThat(engine.incidents(IncidentQuery.open())).hasSize(1);

        engine.run(1).redeliver();

        assertThat(refused()).isEmpty();
        scheduler.advance(Duration.ofMinutes(12));
        assertThat(engine.incidents(IncidentQuery.open())).isEmpty();
        assertThat(engine.incidents(IncidentQuery.all()).get(0).end().map(IncidentEnd::how))
                .contains(IncidentEnd.How.RECOVERED);
    }

    @Test
    void should_end_the_incident_of_a_recipient_that_no_job_has_any_more() {
        mail.on(TO_B, "550 5.1.1 no");
        day();
        scheduler.advance(Duration.ofDays(1));
        assertThat(engine.incidents(IncidentQuery.open())).hasSize(1);

        engine.add(daily(A + ", " + C));
        scheduler.advance(Duration.ofMinutes(12));

        assertThat(engine.incidents(IncidentQuery.open())).isEmpty();
        assertThat(engine.incidents(IncidentQuery.all()).get(0).end().map(IncidentEnd::how))
                .contains(IncidentEnd.How.NO_LONGER_RELEVANT);
    }

    @Test
    void should_report_it_as_an_alarm_without_an_address() {
        mail.on(TO_B, "550 5.1.1 <b@y.example>: no such user");

        day();

        assertThat(refusals()).singleElement().satisfies(event -> {
            assertThat(event.alarm()).isTrue();
            assertThat(event.delivery()).isEqualTo("office");
            assertThat(event)
                    .hasToString("delivery 'office' refuses recipient 2: REFUSED (DESTINATION_MISSING, 550 5.1.1): the"
                            + " other recipients have the files, and later runs deliver without waiting for these"
                            + " (job=visits, run=1)");
        });
        assertThat(RunStep.whole(run(1)).text()).contains("DESTINATION_MISSING").doesNotContain("y.example");
    }

    @Test
    void should_fail_when_all_recipients_are_refused_and_try_all_of_them_again() {
        mail.on("RCPT", "550 5.1.1 no", "550 5.1.1 no", "550 5.1.1 no", "250 ok");

        fire();

        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(run(1).waiting().map(Waiting::cause)).contains(Waiting.Cause.PERSON);
        assertThat(run(1).failure().orElseThrow().code()).isEqualTo(FailureCode.DESTINATION_MISSING);
        assertThat(refusals()).as("the failure of the run says it").isEmpty();

        scheduler.advance(Duration.ofHours(2));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mail.recipients()).containsExactly(A, B, C);
    }

    // ---- not served for now

    @Test
    void should_wait_for_a_recipient_that_is_not_served_for_now_and_send_to_it_only() {
        mail.on(TO_B, "451 4.7.1 greylisted", "250 ok");

        fire();

        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(mail.recipients()).containsExactly(A, C);
        assertThat(step().recipients())
                .extracting(RecipientDelivery::state)
                .containsExactly(State.ACCEPTED, State.DEFERRED, State.ACCEPTED);

        restart();
        scheduler.advance(Duration.ofHours(1));
        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mail.recipients()).containsExactly(A, C, B);
        assertThat(step().receipt().orElseThrow().repeated()).isFalse();
        assertThat(refusals()).isEmpty();
    }

    @Test
    void should_not_wait_for_ever_and_on_later_days_not_at_all() {
        mail.on(TO_B, "452 4.2.2 mailbox full");

        fire();
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        scheduler.advance(Duration.ofHours(25));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).refusedRecipients().get("office"))
                .extracting(RecipientDelivery::refusal)
                .containsExactly(Optional.of(new Refusal(FailureCode.DESTINATION_FULL, "452 4.2.2")));
        assertThat(refusals()).hasSize(1);

        int before = attempts(B);
        day();
        ExportRun last = store.runs(RunQuery.ofJob("visits")).get(0);
        assertThat(last.number()).isGreaterThan(1);
        assertThat(last.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(last.attemptCount()).isEqualTo(1);
        assertThat(attempts(B)).isGreaterThan(before);
        assertThat(refusals()).hasSize(1);
    }

    // ---- lost answers

    @Test
    void should_send_again_only_to_the_recipient_whose_answer_was_lost() {
        mail.on(".", "250 ok", ScriptedMailServer.DROP, "250 ok");

        fire();
        assertThat(step().recipients())
                .extracting(RecipientDelivery::state)
                .containsExactly(State.ACCEPTED, State.SENDING, State.ACCEPTED);
        scheduler.advance(Duration.ofHours(1));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mail.recipients()).containsExactly(A, B, C, B);
        assertThat(step().receipt().orElseThrow().repeated()).isTrue();
        assertThat(step().recipients()).extracting(RecipientDelivery::repeated).containsExactly(false, true, false);
        assertThat(messageIds().get(B))
                .as("by which a mailbox drops the second one")
                .hasSize(1);
    }

    @Test
    void should_not_count_as_repeated_what_was_certainly_not_sent() {
        mail.on(TO_B, ScriptedMailServer.DROP, "250 ok");

        fire();
        assertThat(step().recipients())
                .extracting(RecipientDelivery::state)
                .containsExactly(State.ACCEPTED, State.PENDING, State.ACCEPTED);
        scheduler.advance(Duration.ofHours(1));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mail.recipients()).containsExactly(A, C, B);
        assertThat(step().receipt().orElseThrow().repeated()).isFalse();
    }

    // ---- the connection breaks at one recipient

    @Test
    void should_serve_the_others_while_the_connection_breaks_at_one_each_time() {
        mail.on(TO_B, ScriptedMailServer.DROP);

        fire();
        assertThat(mail.recipients()).containsExactly(A, C);
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        scheduler.advance(Duration.ofHours(26));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).deliveries().get(0).receipt().orElseThrow().refused())
                .extracting(RecipientDelivery::number, RecipientDelivery::refusal)
                .containsExactly(tuple(2, Optional.of(new Refusal(FailureCode.DESTINATION_UNAVAILABLE, "no reply"))));
        assertThat(refusals()).hasSize(1);
        int before = mail.recipients().size();
        day();
        assertThat(mail.recipients().subList(before, mail.recipients().size())).containsExactly(A, C);
        assertThat(refusals()).as("known").hasSize(1);
    }

    @Test
    void should_refuse_no_recipient_of_a_server_that_breaks_off_at_all_of_them() {
        mail.on("RCPT", ScriptedMailServer.DROP);

        fire();
        scheduler.advance(Duration.ofHours(30));

        assertThat(mail.recipients()).isEmpty();
        assertThat(store.runs(RunQuery.all().status(RunStatus.COMMITTED))).isEmpty();
        assertThat(step().recipients()).isNotEmpty().noneMatch(RecipientDelivery::refused);
        assertThat(refusals()).isEmpty();
    }

    @Test
    void should_refuse_no_recipient_that_may_have_the_message() {
        mail.on(".", "250 ok", ScriptedMailServer.DROP, "250 ok", ScriptedMailServer.DROP);

        fire();
        scheduler.advance(Duration.ofHours(30));

        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(step().recipients())
                .extracting(RecipientDelivery::state)
                .containsExactly(State.ACCEPTED, State.SENDING, State.ACCEPTED);
    }

    @Test
    void should_not_try_all_of_many_recipients_at_a_server_that_breaks_off() {
        engine.add(daily(A + ", " + B + ", " + C + ", d@y.example, e@y.example, f@y.example"));
        mail.on("RCPT", ScriptedMailServer.DROP);

        fire();

        assertThat(mail.commands())
                .filteredOn(command -> command.startsWith("RCPT"))
                .hasSize(3);
    }

    // ---- changed lists

    @Test
    void should_serve_a_recipient_that_is_added_while_the_run_waits_and_forget_one_that_is_removed() {
        mail.on(TO_B, "451 4.7.1 greylisted");
        fire();

        engine.add(daily(C + "," + A + ", d@x.example"));
        scheduler.advance(Duration.ofHours(2));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(mail.recipients()).containsExactly(A, C, "d@x.example");
        assertThat(step().receipt().orElseThrow().recipients())
                .extracting(RecipientDelivery::number, RecipientDelivery::state)
                .containsExactly(tuple(1, State.ACCEPTED), tuple(2, State.ACCEPTED), tuple(3, State.ACCEPTED));
    }

    @Test
    void should_send_a_redelivery_to_all_recipients() {
        day();

        engine.run(1).redeliver();

        assertThat(mail.recipients()).containsExactly(A, B, C, A, B, C);
    }

    // ---- crashes

    /** At each write of the run: a recipient that has the file by the ledger does not get it again. */
    @ParameterizedTest
    @EnumSource(CrashingStore.When.class)
    void should_not_send_twice_to_a_recipient_that_has_the_file_when_the_process_crashes(CrashingStore.When when)
            throws Exception {
        int crashes = 0;
        boolean crashed = true;
        for (int at = 1; crashed; at++) {
            engine.close();
            mail.close();
            mail = new ScriptedMailServer();
            InMemoryStore survivor = new InMemoryStore();
            CrashingStore crashing = new CrashingStore(survivor, at, when);
            engine = started(crashing.store());
            engine.add(job(A + ", " + B + ", " + C).build());
            clock.advance(Duration.ofDays(1));
            visits.put(new Visit(at, clock.instant()));
            try {
                engine.job("visits").runNow();
            } catch (CrashingStore.Crash expected) {
                // the process is gone
            }
            crashed = crashing.crashed();
            crashes += crashed ? 1 : 0;
            List<Integer> served = survivor.run(1).stream()
                    .flatMap(run -> run.deliveries().stream())
                    .flatMap(step -> step.recipients().stream())
                    .filter(RecipientDelivery::accepted)
                    .map(RecipientDelivery::number)
                    .toList();
            Map<String, Long> before = counts();

            survivor.breakLock("visits");
            engine = started(survivor);
            engine.add(job(A + ", " + B + ", " + C).build());
            if (survivor.run(1).isEmpty()) {
                engine.job("visits").runNow();
            }
            scheduler.advance(Duration.ofHours(3));

            String what = "crash " + when + " append " + at;
            List<ExportRun> runs = survivor.runs(RunQuery.ofJob("visits").status(RunStatus.COMMITTED));
            assertThat(runs).as(what).hasSize(1);
            List<RecipientDelivery> recipients = runs.get(0).deliveries().get(0).recipients();
            assertThat(counts()).as(what).containsOnlyKeys(A, B, C);
            for (RecipientDelivery recipient : recipients) {
                String address = List.of(A, B, C).get(recipient.number() - 1);
                long sent = counts().getOrDefault(address, 0L);
                long again = sent - before.getOrDefault(address, 0L);
                assertThat(recipient.accepted()).as(what).isTrue();
                assertThat(again).as(what + ", " + recipient).isEqualTo(served.contains(recipient.number()) ? 0 : 1);
                assertThat(sent == 1 || recipient.repeated())
                        .as(what + ", " + recipient)
                        .isTrue();
                assertThat(messageIds().get(address)).as(what).hasSize(1);
            }
        }
        assertThat(crashes)
                .as("two writes for each recipient, and those of the run")
                .isGreaterThan(10);
    }

    /** At each write of the run, the last one too. */
    @ParameterizedTest
    @EnumSource(CrashingStore.When.class)
    void should_show_a_refused_recipient_when_the_process_crashes(CrashingStore.When when) {
        mail.on(TO_B, "550 5.1.1 no");
        boolean crashed = true;
        for (int at = 1; crashed; at++) {
            engine.close();
            InMemoryStore survivor = new InMemoryStore();
            CrashingStore crashing = new CrashingStore(survivor, at, when);
            engine = started(crashing.store());
            engine.add(job(A + ", " + B).build());
            try {
                engine.job("visits").runNow();
            } catch (CrashingStore.Crash expected) {
                // the process is gone
            }
            crashed = crashing.crashed();

            survivor.breakLock("visits");
            engine = started(survivor);
            engine.add(job(A + ", " + B).build());
            if (survivor.run(1).isEmpty()) {
                engine.job("visits").runNow();
            }
            scheduler.advance(Duration.ofHours(3));

            assertThat(survivor.runs(RunQuery.ofJob("visits").status(RunStatus.COMMITTED)))
                    .hasSize(1);
            assertThat(refused()).as("crash " + when + " append " + at).hasSize(1);
        }
    }

    // ---- the job and what became of it

    private ExportEngine started(ExportStore used) {
        scheduler = new ManualScheduler(clock);
        ExportEngine started = ExportEngine.builder()
                .directory(directory)
                .store(used)
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .listener(events::add)
                .listenerExecutor(Runnable::run)
                .build();
        started.start();
        return started;
    }

    private void restart() {
        engine.close();
        engine = started(store);
        engine.add(daily(A + ", " + B + ", " + C));
    }

    private ExportJob daily(String to) {
        return job(to).schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .build();
    }

    private ExportJob.Builder job(String to) {
        ExportDefinition<Visit> definition = ExportDefinition.builder("visits", Visit.class)
                .source(parameters -> {
                    if (sourceAway) {
                        throw new IllegalStateException("away");
                    }
                    return visits.open(parameters);
                })
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("visits-{sequence}.csv").whenEmpty(whenEmpty))
                .build();
        return ExportJob.builder("visits", definition)
                .deliverTo(MailDelivery.builder("office", MailServers.to(mail).build())
                        .from("exports@vendor.example")
                        .to(to)
                        .build());
    }

    private void withoutEmptyFiles() {
        whenEmpty = WhenEmpty.NO_FILE;
        engine.add(daily(A + ", " + B + ", " + C));
    }

    /** A new visit, the fire time, and the attempts of the rest of the day. */
    private void day() {
        fire();
        scheduler.advance(Duration.ofHours(23));
    }

    /** A new visit, and the fire time of a day, which begins an hour before it. */
    private void fire() {
        visits.put(new Visit(clock.instant().getEpochSecond(), clock.instant()));
        scheduler.advance(Duration.ofHours(1));
    }

    private ExportRun run(long number) {
        return store.run(number).orElseThrow();
    }

    private ExportRun lastRun() {
        return store.runs(RunQuery.ofJob("visits")).get(0);
    }

    private List<RecipientDelivery> refused() {
        return engine.job("visits").summary().refusedRecipients().getOrDefault("office", List.of());
    }

    private FileDelivery step() {
        return run(1).deliveries().get(0);
    }

    private List<RecipientsRefusedEvent> refusals() {
        return events.stream()
                .filter(RecipientsRefusedEvent.class::isInstance)
                .map(RecipientsRefusedEvent.class::cast)
                .toList();
    }

    private int attempts(String address) {
        return (int) mail.commands().stream()
                .filter(command -> command.startsWith("RCPT TO:<" + address + ">"))
                .count();
    }

    private Map<String, Long> counts() {
        return mail.recipients().stream().collect(Collectors.groupingBy(to -> to, Collectors.counting()));
    }

    private Map<String, List<String>> messageIds() {
        return mail.received().stream()
                .collect(Collectors.groupingBy(
                        ScriptedMailServer.Received::recipient,
                        Collectors.mapping(
                                received -> received.data()
                                        .lines()
                                        .filter(line -> line.startsWith("Message-ID:"))
                                        .findFirst()
                                        .orElseThrow(),
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        ids -> ids.stream().distinct().toList()))));
    }
}
