package io.outfeed.notification;

import static io.outfeed.notification.TestIncidents.NOON;
import static io.outfeed.notification.TestIncidents.ended;
import static io.outfeed.notification.TestIncidents.open;
import static io.outfeed.notification.TestIncidents.server;
import static io.outfeed.notification.TestIncidents.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd.How;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.notification.Notice.Fact;
import java.io.InputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a notice says. */
class NoticeTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvFileSource(resources = "headlines.txt", delimiter = '|')
    void should_say_what_is_wrong_with_what(Kind kind, FailureCode code, String headline) {
        String name = switch (kind) {
            case SERVER -> "sftp.lakeside.example:22";
            case LOGIN -> "exports@sftp.lakeside.example:22";
            case DESTINATION -> "lakeside";
            case RECIPIENT -> "office/9f86d081884c7d659a2feaa0c55ad015";
            case SOURCE -> "visits";
            case JOB -> "visits-lakeside";
            case JOB_SOURCE -> "customers";
            case NODE -> "/var/lib/outfeed";
            case STORE -> "store";
            case NOTIFIER -> "chat";
        };

        assertThat(opened(open(kind, name, code, 400)).headline()).isEqualTo(headline);
    }

    @ParameterizedTest
    @EnumSource
    void should_have_a_headline_for_each_code(FailureCode code) throws Exception {
        try (InputStream table = Objects.requireNonNull(NoticeTest.class.getResourceAsStream("headlines.txt"))) {
            assertThat(new String(table.readAllBytes(), UTF_8)).contains("| " + code + " ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OPENED           | 1    | false | sftp.lakeside.example:22 can't be reached, 1 job
            OPENED           | 0    | false | sftp.lakeside.example:22 can't be reached
            OPENED           | 1000 | true  | sftp.lakeside.example:22 can't be reached, 1000 or more jobs
            REMINDER         | 2    | false | Still: sftp.lakeside.example:22 can't be reached, 2 jobs
            ENDED            | 2    | false | Over: sftp.lakeside.example:22 can't be reached, 2 jobs
            OPENED_AND_ENDED | 2    | false | Over: sftp.lakeside.example:22 can't be reached, 2 jobs
            """)
    void should_count_the_jobs(Notice.Kind kind, int jobs, boolean more, String headline) {
        Incident incident = with(server(jobs), "", 1, more, Optional.empty(), Optional.empty());

        assertThat(new Notice(kind, incident).headline()).isEqualTo(headline);
    }

    // ---- facts

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvFileSource(resources = "what-is-next.txt", delimiter = '|')
    void should_say_what_is_next(FailureCode code, int jobs, boolean tries, String next) {
        Incident incident = open(Kind.DESTINATION, "lakeside", code, jobs);
        Incident waiting =
                tries ? with(incident, "", 1, false, Optional.of(NOON.plusSeconds(3600)), Optional.empty()) : incident;

        assertThat(fact(opened(waiting), "Next", Duration.ZERO)).isEqualTo(next);
    }

    @Test
    void should_tell_times_in_a_zone_by_its_name() {
        Notice.Fact since =
                opened(server(1)).facts(NOON, ZoneId.of("America/New_York")).get(0);

        assertThat(since).isEqualTo(new Notice.Fact("Since", "2026-03-02 07:00 America/New_York"));
    }

    @Test
    void should_say_that_it_works_again() {
        Incident of = server(2);
        Incident recovering = new Incident(
                of.id(),
                of.scope(),
                of.code(),
                of.step(),
                "",
                NOON,
                NOON,
                1,
                of.jobs(),
                false,
                Optional.of(NOON),
                Optional.of(NOON),
                Optional.empty());

        assertThat(fact(opened(recovering), "Next", Duration.ZERO))
                .isEqualTo("nothing: it works again, jobs that have waited run by themselves, and it ends if it"
                        + " stays well");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -PT5M     | 2026-03-02 12:00 UTC
            PT0S      | 2026-03-02 12:00 UTC
            PT59.999S | 2026-03-02 12:00 UTC
            PT1M      | 2026-03-02 12:00 UTC, for 1 min
            PT59M59S  | 2026-03-02 12:00 UTC, for 59 min
            PT1H      | 2026-03-02 12:00 UTC, for 1 h 0 min
            PT23H59M  | 2026-03-02 12:00 UTC, for 23 h 59 min
            PT24H     | 2026-03-02 12:00 UTC, for 1 day 0 h
            PT49H30M  | 2026-03-02 12:00 UTC, for 2 days 1 h
            """)
    void should_say_since_when(Duration age, String since) {
        assertThat(fact(opened(server(1)), "Since", age)).isEqualTo(since);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PT10S  | less than a minute, from 2026-03-02 12:00 UTC to 2026-03-02 12:00 UTC
            PT14H  | 14 h 0 min, from 2026-03-02 12:00 UTC to 2026-03-03 02:00 UTC
            """)
    void should_say_how_long_it_lasted(Duration lasted, String text) {
        Notice over = new Notice(Notice.Kind.ENDED, ended(server(1), lasted, How.RECOVERED, "", 0));

        assertThat(fact(over, "Lasted", Duration.ofDays(30))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RECOVERED          | 400 | 399 |                   | 399 of 400 jobs still have an open run
            RECOVERED          | 400 | 1   |                   | 1 of 400 jobs still has an open run
            RECOVERED          | 400 | 0   |                   | none of the jobs has an open run any more
            RECOVERED          | 1   | 1   |                   | 1 job still has an open run
            RECOVERED          | 1   | 0   |                   | no job has an open run any more
            RECOVERED          | 0   | 0   |                   |
            ACKNOWLEDGED       | 1   | 0   | by a person: it is there | no job has an open run any more
            NO_LONGER_RELEVANT | 1   | 0   | no job uses it any more |
            """)
    void should_say_how_it_ended(How how, int jobs, int waiting, String end, String now) {
        Notice over =
                new Notice(Notice.Kind.ENDED, ended(server(jobs), Duration.ofHours(1), how, "it is there", waiting));

        assertThat(fact(over, "Ended", Duration.ZERO)).isEqualTo(end);
        assertThat(fact(over, "Now", Duration.ZERO)).isEqualTo(now);
        assertThat(fact(over, "Failure was", Duration.ZERO)).isEqualTo("it does not work");
        assertThat(over.facts(NOON)).extracting(Fact::label).doesNotContain("Next", "Since", "Failure");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Job  | 1    | false | job-1
            Jobs | 2    | false | job-1, job-2
            Jobs | 5    | false | job-1, job-2, job-3, job-4, job-5
            Jobs | 6    | false | job-1, job-2, job-3, job-4, job-5 and 1 other
            Jobs | 1000 | false | job-1, job-2, job-3, job-4, job-5 and 995 others
            Jobs | 1000 | true  | job-1, job-2, job-3, job-4, job-5 and 995 or more others
            """)
    void should_name_some_jobs(String label, int jobs, boolean more, String names) {
        Incident incident = with(server(jobs), "", 1, more, Optional.empty(), Optional.empty());

        assertThat(fact(opened(incident), label, Duration.ZERO)).isEqualTo(names);
    }

    @Test
    void should_name_a_job_once() {
        Notice notice = opened(open(Kind.JOB, "visits-lakeside", FailureCode.RUN_HELD, 1));

        assertThat(notice.facts(NOON)).extracting(Fact::label).containsExactly("Since", "Failure", "Next", "Code");
    }

    @Test
    void should_say_how_often_it_was_seen() {
        Incident incident = with(server(1), "", 12, false, Optional.empty(), Optional.empty());

        assertThat(fact(opened(incident), "Seen", Duration.ZERO)).isEqualTo("12 times, last at 2026-03-02 12:02 UTC");
        assertThat(opened(server(1)).facts(NOON)).extracting(Fact::label).doesNotContain("Seen");
    }

    @Test
    void should_write_headline_and_facts() {
        assertThat(opened(server(2)).text(NOON.plusSeconds(120))).isEqualTo("""
                sftp.lakeside.example:22 can't be reached, 2 jobs
                  Since: 2026-03-02 12:00 UTC, for 2 min
                  Failure: it does not work
                  Next: nothing, unless it lasts
                  Jobs: job-1, job-2
                  Code: DESTINATION_UNAVAILABLE
                """);
    }

    // ---- text of others

    @Test
    void should_show_what_can_not_be_seen_as_question_marks() {
        Incident incident = new Incident(
                "i1",
                new IncidentScope(Kind.JOB, "visits\r\nBcc: evil\u202e\u2028"),
                FailureCode.JOB_PAUSED,
                Incident.Step.RUN,
                "\n3 failures\r\nCode: NONE\u0000\ud800 \u2066end\n",
                NOON,
                NOON,
                1,
                List.of("a\tb"),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(opened(incident).headline()).isEqualTo("job visits??Bcc: evil?? is paused");
        assertThat(fact(opened(incident), "Failure", Duration.ZERO)).isEqualTo("3 failures Code: NONE?? ?end");
    }

    @Test
    void should_cut_a_long_message() {
        Incident incident = with(server(1), "\ud83d\ude80".repeat(5_000), 1, false, Optional.empty(), Optional.empty());

        assertThat(fact(opened(incident), "Failure", Duration.ZERO)).isEqualTo("\ud83d\ude80".repeat(2_000) + "…");
    }

    private static Notice opened(Incident incident) {
        return new Notice(Notice.Kind.OPENED, incident);
    }

    private static @Nullable String fact(Notice notice, String label, Duration age) {
        return notice.facts(NOON.plus(age)).stream()
                .filter(fact -> fact.label().equals(label))
                .map(Fact::text)
                .findFirst()
                .orElse(null);
    }
}
