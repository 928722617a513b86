package io.outfeed.mail;

import static io.outfeed.mail.MailEvents.alarms;
import static io.outfeed.mail.MailEvents.emptyRuns;
import static io.outfeed.mail.MailEvents.successes;
import static io.outfeed.mail.MailEvents.successesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.Problem;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryLinks;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.IncidentEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.operation.JobPause;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The text of mails, and servers that refuse, hide or fall silent. */
class MailNotifierTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final StagedFile FILE = file("visits-12.csv", 3, 120);
    private static final ExportRun RUN = run(RunStatus.COMMITTED, FILE);
    private static final RunEvent SUCCESS = new RunEvent(Kind.SUCCEEDED, RUN);

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.outfeed.mail");

    ScriptedMailServer mail;

    @BeforeEach
    void start() throws Exception {
        mail = new ScriptedMailServer();
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.WARN); // whatever the configuration says
    }

    @AfterEach
    void stop() throws Exception {
        logger.detachAppender(logged);
        logger.setLevel(null);
        mail.close();
    }

    // ---- the text

    @Test
    void should_mail_a_success_with_a_link_to_each_file() throws Exception {
        ExportRun run = run(
                RunStatus.COMMITTED,
                FILE,
                new StagedFile("donors", "east", "donors-12.csv", 1, 1, "5678"),
                new StagedFile(FileRole.MANIFEST, "", "", "visits-12.manifest.json", 0, 300, "9abc"));

        notifier("a@x.example").link(MailNotifierTest::portal).build().onEvent(new RunEvent(Kind.SUCCEEDED, run));

        MimeMessage message = only();
        assertThat(message.getSubject()).isEqualTo("visits-lakeside: succeeded");
        assertThat(body(message)).isEqualTo("""
                Event:   succeeded
                Job:     visits-lakeside
                Run:     41 (scheduled, 2026-03-02T12:00:00Z)
                Outcome: success
                Window:  visits from 2026-03-01T12:00:00Z until 2026-03-02T11:58:00Z
                Files:   2 files, 4 rows, 121 bytes

                visits-12.csv
                  3 rows, 120 bytes
                  https://portal.vendor.example/runs/41/visits-12.csv

                east/donors-12.csv
                  1 row, 1 byte
                  https://portal.vendor.example/runs/41/east/donors-12.csv

                This message was sent automatically.
                """);
        assertThat(TestFiles.header(message, "From")).isEqualTo("Exports <exports@vendor.example>");
        assertThat(TestFiles.header(message, "To")).isEqualTo("a@x.example");
        assertThat(TestFiles.header(message, "Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(TestFiles.header(message, "Message-ID")).matches("<outfeed\\.41\\.[0-9a-f]{32}@vendor\\.example>");
        assertThat(logged.list).isEmpty();
    }

    @Test
    void should_link_to_an_archive() throws Exception {
        ExportRun run =
                run(RunStatus.COMMITTED, new StagedFile(FileRole.ARCHIVE, "", "", "lakeside-12.zip", 4, 210, "1234"));

        notifier("a@x.example").link(MailNotifierTest::portal).build().onEvent(new RunEvent(Kind.SUCCEEDED, run));

        assertThat(body(only())).contains("Files:   1 file, 4 rows, 210 bytes\n", """
                lakeside-12.zip
                  4 rows, 210 bytes
                  https://portal.vendor.example/runs/41/lakeside-12.zip
                """);
    }

    @Test
    void should_mail_a_failure_with_its_message_and_what_to_do() throws Exception {
        ExportRun failed = RunBuilder.of(run(RunStatus.FAILED))
                .failure(new RunFailure(
                        FailureCode.SOURCE_UNAVAILABLE,
                        "SourceException",
                        "the source is away\r\n\u2028(job=visits-lakeside)",
                        Optional.of("PSQLException (SQLState 08006, vendor code 0)")))
                .note("covers\nalso the fire before")
                .build();

        notifier("a@x.example").events(alarms()).build().onEvent(new RunEvent(Kind.FAILED, failed));

        assertThat(only().getSubject()).isEqualTo("visits-lakeside: failed");
        assertThat(body(only())).isEqualTo("""
                Event:   failed
                Job:     visits-lakeside
                Run:     41 (scheduled, 2026-03-02T12:00:00Z)
                Outcome: failed
                Window:  visits from 2026-03-01T12:00:00Z until 2026-03-02T11:58:00Z
                Failure: the source is away   (job=visits-lakeside)
                Code:    SOURCE_UNAVAILABLE: PSQLException (SQLState 08006, vendor code 0)
                Note:    covers also the fire before
                To do:   fix what the failure names; the next run covers the same window, and runNow() starts one

                This message was sent automatically.
                """);
    }

    @Test
    void should_name_the_files_that_may_not_have_arrived() throws Exception {
        notifier("a@x.example").events(alarms()).build().onEvent(new RunEvent(Kind.UNCONFIRMED, unconfirmed()));

        assertThat(body(only()).lines().filter(line -> line.startsWith("Assumed:")))
                .containsExactly("Assumed: visits-12.csv at delivery 'lakeside'");
    }

    @Test
    void should_mail_an_event_without_a_run() throws Exception {
        notifier("a@x.example")
                .events(alarms())
                .build()
                .onEvent(new DestinationEvent(
                        "lakeside",
                        List.of("visits-lakeside", "donors-lakeside"),
                        Optional.of(new Problem(
                                FailureCode.LOGIN_REFUSED, "the login was refused: check user and password"))));

        assertThat(only().getSubject())
                .isEqualTo("visits-lakeside, donors-lakeside: destination lakeside does not work");
        assertThat(body(only())).isEqualTo("""
                Event:   destination lakeside does not work
                Job:     visits-lakeside, donors-lakeside
                Details: destination 'lakeside' does not work: the login was refused: check user and password\
                 (jobs=[visits-lakeside, donors-lakeside])

                This message was sent automatically.
                """);
        assertThat(TestFiles.header(only(), "Message-ID")).startsWith("<outfeed.event.");
    }

    private static ExportRun chunk(RunStatus status) {
        return RunBuilder.planned(42, "visits-lakeside", Trigger.BACKFILL_CHUNK, NOON)
                .status(status)
                .build();
    }

    static Stream<Arguments> alarms_and_what_to_do() {
        return Stream.of(
                arguments(
                        new RunEvent(Kind.HELD, run(RunStatus.HELD, FILE)),
                        "held",
                        "look at the run: release() sends its files, discard() drops them;"
                                + " the job's next windows wait"),
                arguments(
                        new RunEvent(Kind.DELAYED, waiting(FailureCode.DESTINATION_UNAVAILABLE)),
                        "delayed",
                        "nothing, if what failed works again: runNow() makes the next attempt at once,"
                                + " cancel(reason) ends the run, and the next one covers its window"),
                arguments(
                        new RunEvent(Kind.DELAYED, waiting(FailureCode.LOGIN_REFUSED)),
                        "delayed",
                        "correct what the failure names: runNow() makes the next attempt at once,"
                                + " cancel(reason) ends the run, and the next one covers its window"),
                arguments(
                        new RunEvent(
                                Kind.DELAYED,
                                RunBuilder.of(waiting(FailureCode.NAME_OCCUPIED))
                                        .publishing(true)
                                        .build()),
                        "delayed",
                        "correct what the failure names, and add the job again: runNow() makes the next attempt at"
                                + " once, and the run goes on until every destination has its files"),
                arguments(
                        new RunEvent(Kind.UNCONFIRMED, unconfirmed()),
                        "unconfirmed",
                        "ask the receiver whether it has the file, then call acknowledge(ARRIVED, reason) of the run,"
                                + " or acknowledge(SEND_AGAIN, reason); the job's later runs continue"),
                arguments(
                        new RunEvent(Kind.DEFERRED, run(RunStatus.DEFERRED, FILE)),
                        "deferred",
                        "ask the receiver to take the old file"),
                arguments(new RunEvent(Kind.LATE_RECORDS, RUN), "late records", "-"),
                arguments(
                        new RunEvent(
                                Kind.FAILED,
                                RunBuilder.planned(42, "visits-lakeside", Trigger.TEST, NOON)
                                        .status(RunStatus.FAILED)
                                        .build()),
                        "test failed",
                        "fix what the failure names, and ask for the run again; no position has moved"),
                arguments(
                        new RunEvent(Kind.FAILED, chunk(RunStatus.FAILED)),
                        "failed",
                        "fix what the failure names, then call resumeBackfill() of the job, which continues with this"
                                + " chunk; no position has moved"),
                arguments(
                        new RunEvent(Kind.HELD, chunk(RunStatus.HELD)),
                        "held",
                        "look at the run: release() sends its files, giveUp(reason) leaves out what is missing; the"
                                + " job's schedule continues"),
                arguments(
                        new RunEvent(
                                Kind.DELAYED, waiting(chunk(RunStatus.PLANNED), FailureCode.DESTINATION_UNAVAILABLE)),
                        "delayed",
                        "nothing, if what failed works again: the chunk is tried again by itself, and the job's"
                                + " schedule continues; cancelBackfill(reason) of the job ends the backfill"),
                arguments(new DeliveryOverdueEvent("visits-lakeside", NOON, Optional.empty()), "overdue", "-"),
                arguments(
                        new JobPausedEvent(
                                "visits-lakeside", new JobPause(JobPause.By.FAILURES, "3 failures in a row", NOON)),
                        "paused",
                        "-"),
                arguments(
                        new MisfireEvent("visits-lakeside", NOON, NOON, 1, MisfireEvent.Outcome.TOO_LATE),
                        "1 fire skipped, since too long ago",
                        "runNow() exports now what they would have"),
                arguments(
                        new MisfireEvent("visits-lakeside", NOON, NOON.plusSeconds(60), 2, MisfireEvent.Outcome.HELD),
                        "2 fires skipped, since a run is held",
                        "release or discard the run that is held"),
                arguments(
                        new DeliveredFilesEvent(
                                DeliveredFilesEvent.Kind.CONFLICT,
                                RUN,
                                "lakeside",
                                List.of(FileDelivery.pending("lakeside", "visits-12.csv"))),
                        "conflict",
                        "look at the destination; redeliver() of the run sends its files again"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("alarms_and_what_to_do")
    void should_say_of_each_alarm_what_it_is_and_what_to_do(ExportEvent event, String what, String toDo)
            throws Exception {
        notifier("a@x.example").events(alarms()).build().onEvent(event);

        assertThat(only().getSubject()).isEqualTo("visits-lakeside: " + what);
        assertThat(body(only())
                        .lines()
                        .filter(line -> line.startsWith("To do:"))
                        .findFirst()
                        .orElse("To do:   -"))
                .isEqualTo("To do:   " + toDo);
    }

    @Test
    void should_mail_an_empty_run_if_it_is_asked_to() throws Exception {
        RunEvent empty = new RunEvent(Kind.EMPTY, run(RunStatus.EMPTY));

        notifier("a@x.example").build().onEvent(empty);
        notifier("a@x.example")
                .events(successes().or(emptyRuns()))
                .link(MailNotifierTest::portal)
                .build()
                .onEvent(empty);

        assertThat(only().getSubject()).isEqualTo("visits-lakeside: nothing to deliver");
        assertThat(body(only())).isEqualTo("""
                Event:   nothing to deliver
                Job:     visits-lakeside
                Run:     41 (scheduled, 2026-03-02T12:00:00Z)
                Outcome: success
                Window:  visits from 2026-03-01T12:00:00Z until 2026-03-02T11:58:00Z
                Files:   none, nothing is new

                This message was sent automatically.
                """);
    }

    @Test
    void should_mail_only_successes_and_empty_runs() throws Exception {
        MailNotifier notifier =
                notifier("a@x.example").events(successes().or(emptyRuns())).build();

        notifier.onEvent(SUCCESS);
        notifier.onEvent(new RunEvent(Kind.HELD, run(RunStatus.HELD, FILE)));
        notifier.onEvent(new RunEvent(Kind.EMPTY, run(RunStatus.EMPTY)));
        notifier.onEvent(new RunEvent(Kind.FAILED, run(RunStatus.FAILED)));

        assertThat(subjects()).containsExactly("visits-lakeside: succeeded", "visits-lakeside: nothing to deliver");
    }

    // ---- incidents

    @Test
    void should_leave_incidents_to_the_digest() {
        notifier("a@x.example").events(alarms()).build().onEvent(incident(IncidentEvent.Kind.OPENED));

        assertThat(incident(IncidentEvent.Kind.OPENED).alarm()).isFalse();
        assertThat(mail.received()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void should_mail_an_incident_once_if_it_is_asked_to(IncidentEvent.Kind kind) throws Exception {
        MailNotifier notifier = notifier("a@x.example").events(event -> true).build();

        notifier.onEvent(incident(kind));
        notifier.onEvent(incident(kind));

        assertThat(only().getSubject())
                .isEqualTo("visits-1, visits-2, visits-3, visits-4, visits-5 and 395 others: incident "
                        + kind.name().toLowerCase(Locale.ROOT));
        assertThat(body(only())).contains("\nDetails: " + incident(kind) + "\n");
    }

    private static IncidentEvent incident(IncidentEvent.Kind kind) {
        return new IncidentEvent(kind, TestIncidents.server());
    }

    @Test
    void should_list_a_hundred_files_and_count_the_others() throws Exception {
        StagedFile[] files = IntStream.rangeClosed(1, 102)
                .mapToObj(i -> file("visits-" + i + ".csv", 1, 10))
                .toArray(StagedFile[]::new);
        List<String> asked = new ArrayList<>();

        notifier("a@x.example")
                .link((run, file) -> {
                    asked.add(file.name());
                    return portal(run, file);
                })
                .build()
                .onEvent(new RunEvent(Kind.SUCCEEDED, run(RunStatus.COMMITTED, files)));

        assertThat(asked).hasSize(100).endsWith("visits-100.csv");
        assertThat(body(only()))
                .contains("Files:   102 files, 102 rows, 1020 bytes\n")
                .endsWith("""
                        visits-100.csv
                          1 row, 10 bytes
                          https://portal.vendor.example/runs/41/visits-100.csv

                        and 2 more

                        This message was sent automatically.
                        """);
    }

    @Test
    void should_fill_the_variables_of_the_subject() throws Exception {
        notifier("a@x.example")
                .subject("[{job}] {event}: run {run}, {files} × {rows}")
                .build()
                .onEvent(SUCCESS);

        assertThat(only().getSubject()).isEqualTo("[visits-lakeside] succeeded: run 41, 1 × 3");
    }

    @Test
    void should_remove_line_breaks_from_names() throws Exception {
        MisfireEvent event = new MisfireEvent(
                "visits\r\nBcc: evil@x.example\u2028\u0000", NOON, NOON, 1, MisfireEvent.Outcome.TOO_LATE);

        notifier("a@x.example").events(alarms()).build().onEvent(event);

        assertThat(only().getSubject()).isEqualTo("visits  Bcc: evil@x.example  : 1 fire skipped, since too long ago");
        assertThat(only().getHeader("Bcc")).isNull();
        assertThat(body(only())).contains("Job:     visits  Bcc: evil@x.example  \n");
    }

    // ---- delays

    @Test
    void should_mail_a_delay_with_its_code_and_what_happens_next() throws Exception {
        notifier("a@x.example")
                .events(alarms())
                .build()
                .onEvent(new RunEvent(Kind.DELAYED, waiting(FailureCode.DESTINATION_UNAVAILABLE)));

        assertThat(body(only())).isEqualTo("""
                Event:   delayed
                Job:     visits-lakeside
                Run:     41 (scheduled, 2026-03-02T12:00:00Z)
                Outcome: waiting
                Window:  visits from 2026-03-01T12:00:00Z until 2026-03-02T11:58:00Z
                Files:   1 file, 3 rows, 120 bytes
                Failure: it does not work (job=visits-lakeside, run=41)
                Code:    DESTINATION_UNAVAILABLE
                Delayed: since 2026-03-02T12:00:30Z, 1 attempt
                Next:    attempt 2 at 2026-03-02T12:01:30Z, then at intervals that grow to an hour,\
                 until retryFor of the job is over
                To do:   nothing, if what failed works again: runNow() makes the next attempt at once,\
                 cancel(reason) ends the run, and the next one covers its window

                This message was sent automatically.
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BACKOFF | attempt 2 at 2026-03-02T12:01:30Z, then at intervals that grow to an hour",
                "PERSON | attempt 2 at 2026-03-02T12:01:30Z, then once an hour",
                "OCCUPIED | attempt 2 at 2026-03-02T12:01:30Z: the receiver may have taken the old file by then",
                "RESTART | attempt 2 as soon as an engine has the job",
                "DELIVERY_WINDOW | attempt 2 at 2026-03-02T12:01:30Z, when the delivery window opens",
                "BYTES_ELSEWHERE | attempt 2 at the node that has the files",
                "INCIDENT | attempt 2 when another job, which tries for all, has succeeded"
            })
    void should_say_what_happens_next(Waiting.Cause cause, String next) throws Exception {
        ExportRun run = RunBuilder.of(waiting(FailureCode.DESTINATION_UNAVAILABLE))
                .waiting(new Waiting(NOON.plusSeconds(90), cause))
                .publishing(true) // such a run is tried without an end
                .build();

        notifier("a@x.example").events(alarms()).build().onEvent(new RunEvent(Kind.DELAYED, run));

        assertThat(body(only())).contains("\nNext:    " + next + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED, COMMITTED, succeeded after a delay",
        "EMPTY, EMPTY, nothing to deliver after a delay",
        "CANCELLED, CANCELLED, cancelled after a delay",
        "GIVEN_UP, GIVEN_UP, given up after a delay",
        "FAILED, FAILED, failed"
    })
    void should_mail_the_end_of_a_delay_once_to_the_recipients_of_alarms(Kind kind, RunStatus status, String what)
            throws Exception {
        MailNotifier notifier = notifier("a@x.example").events(alarms()).build();
        RunEvent end = new RunEvent(kind, over(status));

        notifier.onEvent(new RunEvent(Kind.DELAYED, waiting(FailureCode.DESTINATION_UNAVAILABLE)));
        notifier.onEvent(new RunEvent(Kind.STAGED, end.run()));
        notifier.onEvent(end);
        notifier.onEvent(end);

        assertThat(subjects()).containsExactly("visits-lakeside: delayed", "visits-lakeside: " + what);
        assertThat(body(mail.received().get(1).message()))
                .contains("\nDelayed: since 2026-03-02T12:00:30Z, for 1 h 12 min, 7 attempts\n")
                .doesNotContain("\nNext:");
    }

    @Test
    void should_send_one_mail_about_the_end_of_a_delay_where_successes_are_mailed_too() throws Exception {
        notifier("a@x.example")
                .events(alarms().or(successes()))
                .build()
                .onEvent(new RunEvent(Kind.SUCCEEDED, over(RunStatus.COMMITTED)));

        assertThat(only().getSubject()).isEqualTo("visits-lakeside: succeeded after a delay");
    }

    @Test
    void should_mail_no_end_that_was_not_delayed_to_the_recipients_of_alarms() throws Exception {
        MailNotifier notifier = notifier("a@x.example").events(alarms()).build();
        ExportRun occupied = RunBuilder.of(RUN)
                .failingSince(NOON)
                .attempts(List.of(failed(1, FailureCode.NAME_AWAITED), Attempt.begin(2, NOON, RunStatus.STAGED)), 2)
                .build();
        ExportRun crashed = RunBuilder.of(RUN)
                .attempts(
                        List.of(
                                Attempt.begin(1, NOON, RunStatus.STAGED)
                                        .end(
                                                NOON,
                                                RunStatus.STAGED,
                                                Attempt.Outcome.CRASHED,
                                                Optional.of(failure(FailureCode.CRASHED))),
                                Attempt.begin(2, NOON, RunStatus.STAGED)),
                        2)
                .build();

        notifier.onEvent(SUCCESS);
        notifier.onEvent(new RunEvent(Kind.SUCCEEDED, occupied));
        notifier.onEvent(new RunEvent(Kind.SUCCEEDED, crashed));

        assertThat(mail.received()).isEmpty();
    }

    @Test
    void should_mail_the_end_of_a_delay_to_those_whom_the_host_names_for_alarms() throws Exception {
        MailNotifier notifier = MailNotifier.builder(
                        "office", MailServers.to(mail).build())
                .from("exports@vendor.example")
                .events(alarms().or(successes()))
                .to(event -> List.of(event.alarm() ? "operator@vendor.example" : "a@x.example"))
                .build();

        notifier.onEvent(new RunEvent(Kind.DELAYED, waiting(FailureCode.DESTINATION_UNAVAILABLE)));
        notifier.onEvent(new RunEvent(Kind.SUCCEEDED, over(RunStatus.COMMITTED)));
        notifier.onEvent(new RunEvent(
                Kind.SUCCEEDED,
                RunBuilder.planned(42, "visits-lakeside", Trigger.SCHEDULED, NOON)
                        .files(List.of(FILE))
                        .build()));

        assertThat(mail.recipients())
                .containsExactly(
                        "operator@vendor.example", // delayed
                        "a@x.example", // succeeded after a delay
                        "operator@vendor.example",
                        "a@x.example"); // succeeded
        assertThat(warnings()).isEmpty();
    }

    // ---- links

    /** Each mail asks anew: a link may carry a permission that ends. */
    @Test
    void should_link_to_a_file_at_each_destination_that_gives_links() throws Exception {
        ExportRun run = RunBuilder.of(RUN)
                .deliveries(List.of(
                        FileDelivery.pending("lakeside", FILE.path()),
                        FileDelivery.pending("office", FILE.path()),
                        FileDelivery.pending("riverside", FILE.path()),
                        FileDelivery.pending("lakeside", "visits-12.manifest.json")))
                .build();
        AtomicInteger asked = new AtomicInteger();
        DeliveryLinks links = (of, file) -> file.delivery().equals("office")
                ? Optional.empty()
                : Optional.of(URI.create(
                        "sftp://" + file.delivery() + ".example/" + file.path() + "?" + asked.incrementAndGet()));

        notifier("a@x.example").build().onEvent(new RunEvent(Kind.SUCCEEDED, run, links));

        assertThat(body(only())).contains("""
                visits-12.csv
                  3 rows, 120 bytes
                  sftp://lakeside.example/visits-12.csv?1
                  sftp://riverside.example/visits-12.csv?2

                """);
        assertThat(asked).hasValue(2);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void should_leave_out_a_link_of_a_destination_that_is_not_safe() throws Exception {
        ExportRun run = RunBuilder.of(RUN)
                .deliveries(List.of(FileDelivery.pending("lakeside", FILE.path())))
                .build();

        notifier("a@x.example")
                .build()
                .onEvent(new RunEvent(
                        Kind.SUCCEEDED, run, (of, file) -> Optional.of(URI.create("javascript:alert(41)"))));

        assertThat(body(only())).contains("  3 rows, 120 bytes\n\n").doesNotContain("javascript");
        assertThat(warnings())
                .containsExactly("Notifier 'office': the link to visits-12.csv has another scheme than ftpes, ftps,"
                        + " https, sftp, the mail goes out without it");
    }

    @Test
    void should_prefer_the_link_of_the_host() throws Exception {
        notifier("a@x.example")
                .link(MailNotifierTest::portal)
                .build()
                .onEvent(new RunEvent(Kind.SUCCEEDED, RUN, (of, file) -> {
                    throw new AssertionError("asked for another link");
                }));

        assertThat(body(only())).contains("  https://portal.vendor.example/runs/41/visits-12.csv\n");
    }

    @Test
    void should_send_the_mail_without_a_link_that_could_not_be_had() throws Exception {
        notifier("a@x.example")
                .link((run, file) -> {
                    throw new AssertionError("the portal is away");
                })
                .build()
                .onEvent(SUCCESS);

        assertThat(body(only())).contains("visits-12.csv\n  3 rows, 120 bytes\n  (no link)\n");
        assertThat(warnings())
                .containsExactly(
                        "Notifier 'office': no link to visits-12.csv could be had, the mail goes out without it");
        assertThat(logged.list.get(0).getThrowableProxy().getMessage())
                .isEqualTo("java.lang.AssertionError (its message is left out, since it may quote a record)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "http://portal.vendor.example/41 | has another scheme than https",
                "javascript:alert(41) | has another scheme than https",
                "runs/41 | has another scheme than https",
                "https:/41 | has no host",
                "https:41 | has no host",
                "https://u:s3cret@portal.vendor.example/41 | has a user",
                "https://u@my_portal/41 | has a user",
                "null | is null"
            })
    void should_reject_a_link_that_is_not_safe(@Nullable String link, String problem) throws Exception {
        notifier("a@x.example")
                .link((run, file) -> link == null ? null : URI.create(link))
                .build()
                .onEvent(SUCCESS);

        assertThat(body(only())).contains("  (no link)\n").doesNotContain("s3cret", "javascript", "http");
        assertThat(warnings())
                .containsExactly(
                        "Notifier 'office': the link to visits-12.csv " + problem + ", the mail goes out without it");
    }

    @Test
    void should_accept_the_schemes_of_its_options() throws Exception {
        notifier("a@x.example")
                .linkSchemes("sftp", "https")
                .link((run, file) -> URI.create("SFTP://my_host/exports/vis%0D%0Aits-ü.csv"))
                .build()
                .onEvent(SUCCESS);

        assertThat(body(only())).contains("\n  SFTP://my_host/exports/vis%0D%0Aits-%C3%BC.csv\n");
        assertThat(warnings()).isEmpty();
    }

    // ---- events and recipients

    @Test
    void should_mail_successes_by_default() throws Exception {
        MailNotifier notifier = notifier("a@x.example").build();
        for (Kind kind : Kind.values()) {
            notifier.onEvent(new RunEvent(kind, RUN));
        }
        notifier.onEvent(new RunEvent(
                Kind.SUCCEEDED,
                RunBuilder.planned(42, "visits-lakeside", Trigger.POSITION_RESET, NOON)
                        .status(RunStatus.COMMITTED)
                        .build()));
        notifier.onEvent(new DeliveryOverdueEvent("visits-lakeside", NOON, Optional.empty()));

        assertThat(subjects()).containsExactly("visits-lakeside: succeeded", "visits-lakeside: redelivered");
    }

    @Test
    void should_choose_events_by_job_and_alarm() {
        RunEvent other = new RunEvent(
                Kind.SUCCEEDED,
                RunBuilder.planned(43, "other", Trigger.MANUAL, NOON)
                        .files(List.of(FILE))
                        .build());
        RunEvent failed = new RunEvent(Kind.FAILED, RUN);

        assertThat(List.of(SUCCESS, other, failed).stream().filter(successesOf("visits-lakeside", "more")))
                .containsExactly(SUCCESS);
        assertThat(List.of(SUCCESS, other, failed).stream().filter(successes())).containsExactly(SUCCESS, other);
        assertThat(List.of(SUCCESS, other, failed).stream().filter(alarms().or(successesOf("other"))))
                .containsExactly(other, failed);
        assertThatThrownBy(MailEvents::successesOf)
                .hasMessage("successesOf needs the name of a job; successes() are those of all");
    }

    @Test
    void should_ask_the_host_for_the_recipients_of_each_event() throws Exception {
        MailNotifier notifier = MailNotifier.builder(
                        "office", MailServers.to(mail).build())
                .from("exports@vendor.example")
                .events(event -> true)
                .to(event -> event instanceof RunEvent of ? List.of(of.run().job() + "@x.example") : List.of())
                .to("all@vendor.example, Visits-Lakeside@x.example")
                .build();

        notifier.onEvent(SUCCESS);
        notifier.onEvent(new DeliveryOverdueEvent("visits-lakeside", NOON, Optional.empty()));

        assertThat(mail.recipients())
                .containsExactly(
                        "all@vendor.example",
                        "Visits-Lakeside@x.example",
                        "all@vendor.example",
                        "Visits-Lakeside@x.example");
        assertThat(notifier)
                .hasToString("mail notifier 'office' to 2 recipients and those of each event by " + mail.at()
                        + " (STARTTLS)");
    }

    @Test
    void should_skip_invalid_addresses_and_log_their_numbers() throws Exception {
        notifier("a@x.example")
                .to(event -> List.of(
                        "b@y.example\r\nBcc: evil@x.example",
                        "c@z.example",
                        "broken",
                        "C@Z.example",
                        "\u00e4@z.example"))
                .build()
                .onEvent(SUCCESS);

        assertThat(mail.recipients()).containsExactly("a@x.example", "c@z.example");
        assertThat(warnings())
                .containsExactly("Notifier 'office': of the recipients of 'succeeded' some get no mail: recipient 1"
                        + " contains a control character, such as a line break; recipient 3 has no domain:"
                        + " write it as name@domain; an address has letters beyond ASCII before the '@'"
                        + " (job=visits-lakeside, run=41)");
    }

    @Test
    void should_serve_the_others_when_the_host_gives_no_recipients() throws Exception {
        notifier("a@x.example")
                .to(event -> {
                    throw new IllegalStateException("the directory is away");
                })
                .build()
                .onEvent(SUCCESS);

        assertThat(mail.recipients()).containsExactly("a@x.example");
        assertThat(warnings())
                .containsExactly("Notifier 'office': the recipients of 'succeeded' could not be had"
                        + " (job=visits-lakeside, run=41)");
    }

    // ---- the same again

    @Test
    void should_send_a_repeated_event_once() throws Exception {
        MailNotifier notifier =
                notifier("a@x.example").events(alarms().or(successes())).build();
        DestinationEvent away = new DestinationEvent(
                "lakeside",
                List.of("visits-lakeside"),
                Optional.of(new Problem(FailureCode.DESTINATION_UNAVAILABLE, "no answer")));
        DestinationEvent back = new DestinationEvent("lakeside", List.of("visits-lakeside"), Optional.empty());
        RunEvent delayed = new RunEvent(Kind.DELAYED, run(RunStatus.PUBLISHING, FILE));

        notifier.onEvent(delayed);
        notifier.onEvent(
                new RunEvent(Kind.DELAYED, RunBuilder.of(delayed.run()).token(2).build()));
        notifier.onEvent(away);
        notifier.onEvent(away);
        notifier.onEvent(back); // no alarm
        notifier.onEvent(away);
        notifier.onEvent(SUCCESS);

        assertThat(subjects())
                .containsExactly(
                        "visits-lakeside: delayed",
                        "visits-lakeside: destination lakeside does not work",
                        "visits-lakeside: destination lakeside does not work",
                        "visits-lakeside: succeeded");
        assertThat(messageIds()).doesNotHaveDuplicates();
    }

    @Test
    void should_have_the_same_message_ids_with_another_object() throws Exception {
        notifier("a@x.example, b@y.example").build().onEvent(SUCCESS);
        notifier("a@x.example, b@y.example").build().onEvent(SUCCESS);

        assertThat(messageIds()).hasSize(4);
        assertThat(messageIds().subList(2, 4)).isEqualTo(messageIds().subList(0, 2));
        assertThat(messageIds().get(0)).isNotEqualTo(messageIds().get(1));
    }

    @Test
    void should_have_another_message_id_for_another_run_event_or_notifier() throws Exception {
        MailNotifier notifier = notifier("a@x.example").events(event -> true).build();
        notifier.onEvent(SUCCESS);
        notifier.onEvent(new RunEvent(Kind.REDELIVERED, RUN));
        notifier.onEvent(new RunEvent(
                Kind.SUCCEEDED,
                RunBuilder.planned(41, "visits-lakeside", Trigger.SCHEDULED, NOON.plusSeconds(1)) // the store was lost
                        .files(List.of(FILE))
                        .build()));
        MailNotifier.builder("other", MailServers.to(mail).build())
                .from("exports@vendor.example")
                .to("a@x.example")
                .build()
                .onEvent(SUCCESS);

        assertThat(messageIds()).hasSize(4).doesNotHaveDuplicates();
    }

    // ---- failures

    @Test
    void should_serve_the_others_when_one_recipient_is_refused() throws Exception {
        mail.on("RCPT TO:<b@y.example>", "550 5.1.1 <b@y.example>: no such user")
                .on("RCPT TO:<c@z.example>", "451 4.7.1 greylisted");

        notifier("a@x.example, b@y.example, c@z.example, d@x.example").build().onEvent(SUCCESS);

        assertThat(mail.recipients()).containsExactly("a@x.example", "d@x.example");
        assertThat(warnings())
                .containsExactly("Notifier 'office': the mail 'visits-lakeside: succeeded' was accepted for 2 of 4"
                        + " recipients; refused 1: recipient 2 (550 5.1.1); not served for now 1: recipient 3 (451"
                        + " 4.7.1); it is not sent again (job=visits-lakeside, run=41)");
    }

    @Test
    void should_send_nothing_when_starttls_is_absent() throws Exception {
        mail.plainExtensions("AUTH PLAIN LOGIN");

        notifier("a@x.example, b@y.example").build().onEvent(SUCCESS);

        assertThat(warnings())
                .containsExactly("Notifier 'office': the mail 'visits-lakeside: succeeded' was accepted for 0 of 2"
                        + " recipients; not sent to 2: " + mail.at()
                        + " (STARTTLS) does not offer STARTTLS: nothing was"
                        + " sent; check the port, or use MailSecurity.TLS (job=visits-lakeside, run=41); it is not sent"
                        + " again");
        mail.close();
        assertThat(mail.commands()).hasSize(1).allMatch(command -> command.startsWith("EHLO"));
    }

    @Test
    void should_send_the_rest_over_a_new_connection_when_one_breaks() throws Exception {
        mail.on("RCPT TO:<b@y.example>", ScriptedMailServer.DROP, "250 ok");

        notifier("a@x.example, b@y.example, c@z.example").build().onEvent(SUCCESS);

        assertThat(mail.recipients()).containsExactly("a@x.example", "c@z.example", "b@y.example");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void should_serve_the_others_when_one_message_breaks_each_connection() throws Exception {
        mail.on("RCPT TO:<b@y.example>", ScriptedMailServer.DROP);

        notifier("a@x.example, b@y.example, c@z.example").build().onEvent(SUCCESS);

        assertThat(mail.recipients()).containsExactly("a@x.example", "c@z.example");
        assertThat(warnings())
                .containsExactly("Notifier 'office': the mail 'visits-lakeside: succeeded' was accepted for 2 of 3"
                        + " recipients; not sent to 1: the connection to " + mail.at()
                        + " (STARTTLS) broke before a whole"
                        + " message was sent (job=visits-lakeside, run=41); it is not sent again");
    }

    @Test
    void should_send_the_same_message_id_when_the_last_answer_is_lost() throws Exception {
        mail.on(".", ScriptedMailServer.DROP, "250 ok");

        notifier("a@x.example").build().onEvent(SUCCESS);

        assertThat(messageIds()).hasSize(2);
        assertThat(messageIds().get(0)).isEqualTo(messageIds().get(1));
    }

    @Test
    void should_try_once_for_each_event_while_the_server_is_down() throws Exception {
        mail.on("CONNECT", "421 4.3.2 down", "421 4.3.2 down", "421 4.3.2 down", "220 here", "421 again", "220 here");
        MailNotifier notifier = notifier("a@x.example").events(event -> true).build();

        notifier.onEvent(SUCCESS); // two connections
        notifier.onEvent(new RunEvent(Kind.REDELIVERED, RUN)); // one
        notifier.onEvent(new RunEvent(Kind.EMPTY, RUN)); // it is back
        notifier.onEvent(new RunEvent(Kind.GIVEN_UP, RUN)); // two again

        assertThat(subjects()).containsExactly("visits-lakeside: nothing to deliver", "visits-lakeside: given up");
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void should_not_try_a_refused_login_again() throws Exception {
        mail.on("AUTH", "535 5.7.8 unknown user");

        notifier("a@x.example").build().onEvent(SUCCESS);

        mail.close();
        assertThat(mail.commands().stream().filter(command -> command.startsWith("AUTH")))
                .hasSize(1);
        assertThat(warnings().get(0)).contains("refused the login (535 5.7.8): check user and password");
    }

    @Test
    void should_stop_when_interrupted() {
        try {
            Thread.currentThread().interrupt();
            notifier("a@x.example").build().onEvent(SUCCESS);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(mail.received()).isEmpty();
        assertThat(warnings().get(0)).contains("not sent to 1: ");
    }

    @Test
    void should_log_no_address_and_no_secret() {
        mail.on("RCPT TO:<b@y.example>", "550 5.1.1 <b@y.example>: no such user")
                .on("RCPT TO:<c@z.example>", ScriptedMailServer.DROP);

        notifier("a@x.example, b@y.example, c@z.example").build().onEvent(SUCCESS);

        assertThat(warnings()).hasSize(1);
        assertThat(warnings().get(0)).doesNotContain("@", "s3cret", "outfeed-user");
    }

    // ---- the builder

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> MailNotifier.builder(
                                "of fice", MailServers.to(mail).build())
                        .subject("{tenant}\r\n")
                        .linkSchemes()
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("mail notifier has 6 problems: the id may have letters A-Z and a-z, digits, '.', '_' and"
                        + " '-', and must not begin with '.' or '-'; from is missing; to is missing: there is no"
                        + " recipient; subject contains a control character, such as a line break; subject has the"
                        + " unknown variable {tenant}: there are [event, files, job, rows, run];"
                        + " linkSchemes need one or"
                        + " more names in small letters, such as https");
    }

    @Test
    void should_accept_recipients_of_single_events_only() {
        MailNotifier notifier = MailNotifier.builder(
                        "office", MailServers.to(mail).build())
                .from("exports@vendor.example")
                .to(event -> List.of("a@x.example"))
                .build();

        notifier.onEvent(SUCCESS);

        assertThat(mail.recipients()).containsExactly("a@x.example");
    }

    @Test
    void should_check_each_address() {
        assertThatThrownBy(() -> notifier("a@x.example, broken, A@x.example, \u00e4@x.example")
                        .build())
                .hasMessage("mail notifier 'office' has 2 problems: recipient 2 has no domain: write it as name@domain;"
                        + " an address has letters beyond ASCII before the '@', which many servers do not take");
    }

    @Test
    void should_not_change_a_notifier_when_its_builder_is_used_again() {
        MailNotifier.Builder builder = notifier("a@x.example");
        MailNotifier first = builder.build();

        builder.to("b@x.example").build();

        assertThat(first).hasToString("mail notifier 'office' to 1 recipient by " + mail.at() + " (STARTTLS)");
    }

    private static StagedFile file(String name, long rows, long bytes) {
        return new StagedFile("visits", "", name, rows, bytes, "1234");
    }

    private static ExportRun run(RunStatus status, StagedFile... files) {
        return RunBuilder.planned(41, "visits-lakeside", Trigger.SCHEDULED, NOON)
                .fireTime(NOON)
                .status(status)
                .windows(Map.of(
                        "visits",
                        new Window(
                                Position.of(Instant.parse("2026-03-01T12:00:00Z")),
                                Position.of(Instant.parse("2026-03-02T11:58:00Z")))))
                .files(List.of(files))
                .build();
    }

    /** The file has arrived at riverside, and has vanished at lakeside. */
    private static ExportRun unconfirmed() {
        return RunBuilder.of(run(RunStatus.PUBLISHING, FILE))
                .deliveries(
                        List.of(published("riverside", Publication.ATOMIC), published("lakeside", Publication.ASSUMED)))
                .unconfirmed(true)
                .build();
    }

    private static FileDelivery published(String delivery, Publication publication) {
        return FileDelivery.pending(delivery, FILE.path())
                .toPublished(new DeliveryReceipt(FILE.path(), publication), NOON);
    }

    private static ExportRun waiting(FailureCode code) {
        return waiting(run(RunStatus.STAGED, FILE), code);
    }

    private static ExportRun waiting(ExportRun run, FailureCode code) {
        return RunBuilder.of(run)
                .attempts(List.of(failed(1, code)), 1)
                .failure(failure(code))
                .failingSince(NOON.plusSeconds(30))
                .waiting(new Waiting(NOON.plusSeconds(90), Waiting.Cause.BACKOFF))
                .build();
    }

    /** A run that has ended after six failed attempts. */
    private static ExportRun over(RunStatus status) {
        List<Attempt> attempts = new ArrayList<>();
        for (int number = 1; number <= 6; number++) {
            attempts.add(failed(number, FailureCode.DESTINATION_UNAVAILABLE));
        }
        Instant end = NOON.plusSeconds(30).plus(Duration.ofMinutes(72));
        attempts.add(Attempt.begin(7, NOON, RunStatus.STAGED)
                .end(end, RunStatus.PUBLISHING, Attempt.Outcome.COMPLETED, Optional.empty()));
        return RunBuilder.of(run(status, FILE))
                .attempts(attempts, 7)
                .failingSince(NOON.plusSeconds(30))
                .endedAt(end)
                .build();
    }

    private static Attempt failed(int number, FailureCode code) {
        return Attempt.begin(number, NOON, RunStatus.STAGED)
                .end(NOON.plusSeconds(30), RunStatus.STAGED, Attempt.Outcome.FAILED, Optional.of(failure(code)));
    }

    private static RunFailure failure(FailureCode code) {
        return new RunFailure(
                code, "DeliveryException", "it does not work (job=visits-lakeside, run=41)", Optional.empty());
    }

    private static URI portal(ExportRun run, StagedFile file) {
        return URI.create("https://portal.vendor.example/runs/" + run.number() + "/" + file.path());
    }

    private MailNotifier.Builder notifier(String to) {
        return MailNotifier.builder("office", MailServers.to(mail).build())
                .from("Exports <exports@vendor.example>")
                .to(to);
    }

    private MimeMessage only() throws Exception {
        assertThat(mail.received()).hasSize(1);
        return mail.received().get(0).message();
    }

    private static String body(MimeMessage message) throws Exception {
        return ((String) message.getContent()).replace("\r\n", "\n");
    }

    private List<String> subjects() throws Exception {
        List<String> subjects = new ArrayList<>();
        for (ScriptedMailServer.Received received : mail.received()) {
            subjects.add(received.message().getSubject());
        }
        return subjects;
    }

    private List<String> messageIds() throws Exception {
        List<String> ids = new ArrayList<>();
        for (ScriptedMailServer.Received received : mail.received()) {
            ids.add(TestFiles.header(received.message(), "Message-ID"));
        }
        return ids;
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
