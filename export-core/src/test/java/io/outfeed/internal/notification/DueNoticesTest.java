package io.outfeed.internal.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.NoticeRecord;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DueNoticesTest {

    private static final Instant OPENED = Instant.parse("2026-03-02T06:00:00Z");

    private static final Notifier OPERATORS = new Notifier() {

        @Override
        public String id() {
            return "operators";
        }

        @Override
        public boolean accepts(Incident incident) {
            return !incident.jobs().contains("of-others");
        }

        @Override
        public void send(Digest digest) {
            throw new AssertionError("nothing is sent");
        }
    };

    /** Times are minutes since the incident was opened. In a cell without a time nothing of the kind has happened. */
    @ParameterizedTest(name = "{0}")
    // what | code | well since | ended | returned | told of it, reminded, told of the end | now | due
    @CsvSource(delimiter = '|', textBlock = """
            not told                   | LOGIN_REFUSED |      |      | | | |      |    0 | OPENED
            told                       | LOGIN_REFUSED |      |      | | 0 | |    | 1439 |
            told a day ago             | LOGIN_REFUSED |      |      | | 0 | |    | 1440 | REMINDER
            told late                  | LOGIN_REFUSED |      |      | | 50 | |   | 1440 |
            reminded                   | LOGIN_REFUSED |      |      | | 0 | 1440 | | 2879 |
            reminded a day ago         | LOGIN_REFUSED |      |      | | 0 | 1440 | | 2880 | REMINDER
            recovering                 | LOGIN_REFUSED | 1435 |      | | 0 | |    | 1440 |
            recovering and not told    | LOGIN_REFUSED | 5    |      | | | |      |    6 | OPENED
            ended                      | LOGIN_REFUSED |      | 100  | | 0 | |    |  110 | ENDED
            ended and told             | LOGIN_REFUSED |      | 100  | | 0 | | 110 |  200 |
            ended before it was told   | LOGIN_REFUSED |      | 20   | | | |      |   30 | OPENED_AND_ENDED
            back before the end was told | LOGIN_REFUSED |    |      | 120 | 0 | |  |  200 |
            back for a while           | LOGIN_REFUSED |      |      | 120 | 0 | | 110 | 179 |
            back for an hour           | LOGIN_REFUSED |      |      | 120 | 0 | | 110 | 180 | REMINDER
            back and reminded          | LOGIN_REFUSED |      |      | 120 | 0 | 180 | 110 | 400 |
            back, reminded and over    | LOGIN_REFUSED |      | 300  | 120 | 0 | 180 | 110 | 310 | ENDED
            back for a while and over  | LOGIN_REFUSED |      | 150  | 120 | 0 | | 110 | 160 |
            one-time news              | RECORDS_LATE  |      |      | | | |      |    0 | OPENED
            one-time news, told        | RECORDS_LATE  |      |      | | 0 | |    | 3000 |
            one-time news, over        | RECORDS_LATE  |      | 60   | | 0 | |    |   70 |
            one-time news, told late   | RECORDS_LATE  |      | 60   | | | |      |   70 | OPENED
            """)
    void should_be_due(
            String what,
            FailureCode code,
            @Nullable Integer wellSince,
            @Nullable Integer ended,
            @Nullable Integer reopened,
            @Nullable Integer toldOpen,
            @Nullable Integer reminded,
            @Nullable Integer toldEnd,
            int now,
            @Nullable String due) {
        IncidentRecord record = record(
                incident(code, "visits", at(wellSince), at(ended)),
                at(reopened),
                new NoticeRecord(at(toldOpen), at(reminded), at(toldEnd)));

        assertThat(DueNotices.of(List.of(record), OPERATORS, OPENED.plus(Duration.ofMinutes(now))))
                .extracting(notice -> notice.notice().kind().name())
                .containsExactlyElementsOf(due == null ? List.of() : List.of(due));
    }

    @Test
    void should_not_be_due_where_the_incident_is_not_accepted() {
        IncidentRecord record = record(
                incident(FailureCode.LOGIN_REFUSED, "of-others", Optional.empty(), Optional.empty()),
                Optional.empty(),
                NoticeRecord.NONE);

        assertThat(DueNotices.of(List.of(record), OPERATORS, OPENED)).isEmpty();
    }

    @Test
    void should_know_when_a_reminder_is_due_and_when_something_was_given_last() {
        IncidentRecord record = record(
                incident(FailureCode.LOGIN_REFUSED, "visits", Optional.empty(), Optional.empty()),
                Optional.empty(),
                new NoticeRecord(at(0), at(1440), Optional.empty()));

        assertThat(DueNotices.next(List.of(record), OPERATORS)).isEqualTo(at(2880));
        assertThat(DueNotices.lastGiven(List.of(record), "operators")).isEqualTo(at(1440));
        assertThat(DueNotices.lastGiven(List.of(record), "others")).isEmpty();
    }

    private static Optional<Instant> at(@Nullable Integer minutes) {
        return Optional.ofNullable(minutes).map(past -> OPENED.plus(Duration.ofMinutes(past)));
    }

    private static Incident incident(
            FailureCode code, String job, Optional<Instant> wellSince, Optional<Instant> ended) {
        return new Incident(
                "id",
                new IncidentScope(IncidentScope.Kind.JOB, job),
                code,
                Incident.Step.RUN,
                "failed",
                OPENED,
                OPENED,
                1,
                List.of(job),
                false,
                Optional.empty(),
                wellSince,
                ended.map(at -> new IncidentEnd(at, IncidentEnd.How.RECOVERED, "", 0)));
    }

    private static IncidentRecord record(Incident incident, Optional<Instant> reopenedAt, NoticeRecord given) {
        return new IncidentRecord(
                incident, 1, Optional.empty(), false, 0, reopenedAt, Map.of("operators", given), false);
    }
}
