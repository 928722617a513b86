package io.outfeed.notification;

import static io.outfeed.notification.TestIncidents.NOON;
import static io.outfeed.notification.TestIncidents.open;
import static io.outfeed.notification.TestIncidents.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.IncidentScope.Kind;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Subject and text of a digest. */
class DigestTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OPENED   | sftp.lakeside.example    | 400 | sftp.lakeside.example can't be reached, 400 jobs
            OPENED   | sftp.lakeside.example:22 | 9   | sftp.lakeside.example:22 can't be reached, 9 jobs
            OPENED   | sftp.lakeside.example:22 | 400 | sftp.lakeside.example:22 can't be reached
            REMINDER | sftp.lakeside.example:22 | 400 | Still: sftp.lakeside.example:22 can't be reached
            ENDED    | a.b.c.d.e.f.exports.lakeside-university.example:2222 | 1 \
            | Over: a.b.c.d.e.f.e….example:2222 can't be reached
            """)
    void should_keep_the_ends_of_a_name_and_say_what_is_wrong(Notice.Kind kind, String name, int jobs, String subject) {
        Notice notice = new Notice(kind, open(Kind.SERVER, name, FailureCode.DESTINATION_UNAVAILABLE, jobs));

        assertThat(digest(notice).subject()).isEqualTo(subject).hasSizeLessThanOrEqualTo(50);
    }

    @ParameterizedTest
    @EnumSource
    void should_be_short_whatever_happens(FailureCode code) {
        for (Kind kind : Kind.values()) {
            for (Notice.Kind told : Notice.Kind.values()) {
                String rocket = "\ud83d\ude80\u202e".repeat(60);

                String subject =
                        digest(new Notice(told, open(kind, rocket, code, 1000))).subject();

                assertThat(subject.codePointCount(0, subject.length())).isLessThanOrEqualTo(50);
                assertThat(subject).doesNotContain("\u202e", "\n");
                assertThat(subject.codePoints()).noneMatch(c -> Character.getType(c) == Character.SURROGATE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2     | 0    | 0     | 0  | Exports: 2 new
            1     | 0    | 1     | 0  | Exports: 1 new, 1 over
            1     | 2    | 3     | 4  | Exports: 1 new, 2 still open, 7 over
            0     | 0    | 0     | 2  | Exports: 2 over
            9999  | 9999 | 5000  | 4999 | Exports: 9999 new, 9999 still open, 9999 over
            """)
    void should_count_several_notices(int opened, int reminders, int ended, int both, String subject) {
        List<Notice> notices = Stream.of(
                        Collections.nCopies(opened, notice(Notice.Kind.OPENED)),
                        Collections.nCopies(reminders, notice(Notice.Kind.REMINDER)),
                        Collections.nCopies(ended, notice(Notice.Kind.ENDED)),
                        Collections.nCopies(both, notice(Notice.Kind.OPENED_AND_ENDED)))
                .flatMap(List::stream)
                .toList();

        assertThat(new Digest("d1", NOON, notices).subject()).isEqualTo(subject).hasSizeLessThanOrEqualTo(50);
    }

    @Test
    void should_separate_notices_by_an_empty_line() {
        assertThat(digest(notice(Notice.Kind.OPENED), notice(Notice.Kind.REMINDER))
                        .text())
                .isEqualTo("""
                        sftp.lakeside.example:22 can't be reached, 1 job
                          Since: 2026-03-02 12:00 UTC
                          Failure: it does not work
                          Next: nothing, unless it lasts
                          Job: job-1
                          Code: DESTINATION_UNAVAILABLE

                        Still: sftp.lakeside.example:22 can't be reached, 1 job
                          Since: 2026-03-02 12:00 UTC
                          Failure: it does not work
                          Next: nothing, unless it lasts
                          Job: job-1
                          Code: DESTINATION_UNAVAILABLE
                        """);
    }

    @Test
    void should_tell_the_last_of_many_notices_by_their_headlines() {
        Digest digest = new Digest("d1", NOON, Collections.nCopies(32, notice(Notice.Kind.OPENED)));

        assertThat(digest.inFull()).hasSize(30);
        assertThat(digest.byHeadline()).hasSize(2);
        assertThat(digest.text()).endsWith("""
                  Code: DESTINATION_UNAVAILABLE

                And 2 more:
                  sftp.lakeside.example:22 can't be reached, 1 job
                  sftp.lakeside.example:22 can't be reached, 1 job
                """);
        assertThat(digest.text().split("\n\n")).hasSize(31);
    }

    @Test
    void should_have_a_notice() {
        assertThatThrownBy(() -> new Digest("d1", NOON, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Notice notice(Notice.Kind kind) {
        return new Notice(kind, server(1));
    }

    private static Digest digest(Notice... notices) {
        return new Digest("d1", NOON, List.of(notices));
    }
}
