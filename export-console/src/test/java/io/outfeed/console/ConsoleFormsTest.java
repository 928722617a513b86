package io.outfeed.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do by forms: it is said before, done once, denied to those who may not, and in the audit. */
class ConsoleFormsTest {

    private static final Map<String, List<String>> SAME_ORIGIN = Map.of("Sec-Fetch-Site", List.of("same-origin"));

    private final School school = new School();
    private final Visitor ops = new Visitor(school, "ops");
    private final Visitor reader = new Visitor(school, "reader");
    private final Visitor lakeside = new Visitor(school, "lakeside");

    @BeforeEach
    void open() {
        school.withTrouble();
    }

    @AfterEach
    void close() {
        school.close();
    }

    private JobStatus status(String job) {
        return school.sandbox.engine().job(job).summary().status();
    }

    private List<String> audit() {
        return school.sandbox.engine().audit(AuditQuery.all()).stream()
                .map(record -> line(record.entry()))
                .toList();
    }

    private static String line(AuditEntry entry) {
        return entry.principal() + " " + entry.action() + " " + entry.job().orElse("-") + " " + entry.subject() + " ["
                + entry.reason() + "] " + entry.outcome() + " " + entry.detail();
    }

    @Test
    void should_pause_and_resume_and_have_both_in_the_audit() {
        Visitor.Seen ask = ops.get("/action?do=pause&job=lakeside-students").isOk();
        assertThat(ask.text())
                .contains(
                        "No run begins by the schedule until the job is resumed, beginning with that of 2026-03-05T13")
                .contains("stays: the first run after it covers what was written meanwhile");

        Visitor.Seen paused = ops.submit(ask, "action", "reason", "they move");
        assertThat(ops.follow(paused).isOk().text()).contains("paused by operator: they move", "Done.");
        ops.follow(ops.submit(ops.get("/action?do=resume&job=lakeside-students").isOk(), "action"))
                .isOk();

        assertThat(status("lakeside-students")).isEqualTo(JobStatus.SUCCESS);
        assertThat(audit())
                .containsExactly(
                        "ops resume lakeside-students  [] DONE resumed",
                        "ops resume lakeside-students  [] REQUESTED ",
                        "ops pause lakeside-students  [they move] DONE paused",
                        "ops pause lakeside-students  [they move] REQUESTED ");
        assertThat(ops.get("/audit").isOk().text()).contains("they move", "asked for", "paused");
    }

    @Test
    void should_ask_for_a_reason_where_history_changes() {
        Visitor.Seen refused = ops.submit(ops.get("/action?do=pause&job=lakeside-students"), "action", "reason", "  ");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("Say why: the history keeps it.");
        assertThat(status("lakeside-students")).isEqualTo(JobStatus.SUCCESS);
        assertThat(audit()).isEmpty();
    }

    @Test
    void should_run_a_job_once_however_often_the_form_is_sent() {
        Visitor.Seen ask =
                lakeside.get("/action?do=run-now&job=lakeside-students").isOk();
        assertThat(ask.text()).contains("what was written since the last success, to lakeside-sftp");
        long before = school.lastRun("lakeside-students");

        Visitor.Seen run = lakeside.submit(ask, "action");
        Visitor.Seen again = lakeside.submit(ask, "action");

        assertThat(run.headers().get("Location")).startsWith("run?number=").endsWith("&done=run-now");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text()).contains("It has changed since this page was shown, and nothing was done.");
        assertThat(school.sandbox
                        .engine()
                        .runs(RunQuery.ofJob("lakeside-students"))
                        .runs())
                .filteredOn(each -> each.number() > before)
                .hasSize(1);
    }

    @Test
    void should_release_a_held_run_and_deliver_it() {
        long held = school.openRun("lakeside-held");
        Visitor.Seen ask = ops.get("/action?do=release&run=" + held).isOk();
        assertThat(ask.text()).contains("1\u00a0file with 40\u00a0records, as they are, to lakeside-sftp");

        ops.follow(ops.submit(ask, "action")).isOk();

        assertThat(school.sandbox.engine().run(held).run().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(school.sftp.file("lakeside-held-1.csv").lines()).hasSize(41);
    }

    @Test
    void should_discard_a_held_run() {
        long held = school.openRun("lakeside-held");

        ops.submit(ops.get("/action?do=discard&run=" + held).isOk(), "action");

        assertThat(school.sandbox.engine().run(held).run().status()).isEqualTo(RunStatus.DISCARDED);
        assertThat(school.sftp.files()).noneMatch(file -> file.path().startsWith("lakeside-held"));
    }

    @Test
    void should_cancel_a_run_that_waits() {
        long waiting = school.openRun("riverside-students");

        ops.submit(ops.get("/action?do=cancel&run=" + waiting).isOk(), "action", "reason", "they are closed");

        assertThat(school.sandbox.engine().run(waiting).run().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(audit().get(0))
                .isEqualTo("ops cancel riverside-students run " + waiting + " [they are closed] DONE cancelled");
    }

    @Test
    void should_redeliver_as_the_person_chooses() {
        long run = school.lastRun("lakeside-students");
        school.sftp.takeAll();

        Visitor.Seen done = ops.submit(
                ops.get("/action?do=redeliver&run=" + run).isOk(),
                "action",
                "delivery",
                "lakeside-sftp",
                "existing",
                "FAIL",
                "reason",
                "they lost it");

        assertThat(ops.follow(done).isOk().text()).contains("redelivery");
        assertThat(school.sftp.files()).hasSize(1);
    }

    @Test
    void should_say_why_an_operation_was_refused_and_keep_what_was_written() {
        long run = school.lastRun("lakeside-students");

        Visitor.Seen refused = ops.submit(
                ops.get("/action?do=redeliver&run=" + run).isOk(),
                "action",
                "delivery",
                "lakeside-sftp",
                "existing",
                "FAIL",
                "reason",
                "they lost it");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("NAME_OCCUPIED", "value=\"they lost it\"");
        assertThat(audit().get(0)).contains("FAILED NAME_OCCUPIED");
    }

    @Test
    void should_export_again_and_backfill() {
        long run = school.lastRun("lakeside-students");
        ops.submit(ops.get("/action?do=re-export&run=" + run).isOk(), "action", "reason", "damaged");
        Visitor.Seen done = ops.submit(
                ops.get("/action?do=backfill&job=lakeside-students").isOk(),
                "action",
                "definition",
                "students",
                "from",
                "2026-03-01T00:00:00Z",
                "until",
                "2026-03-03T00:00:00Z",
                "reason",
                "they lost it");

        assertThat(ops.follow(done).isOk().text()).contains("backfill");
        assertThat(school.sandbox
                        .engine()
                        .runs(RunQuery.ofJob("lakeside-students").trigger(Trigger.RE_EXPORT, Trigger.BACKFILL))
                        .runs())
                .hasSize(2);
    }

    @Test
    void should_reset_a_position_of_the_watermarks_kind() {
        Visitor.Seen ask =
                ops.get("/action?do=reset-position&job=lakeside-students").isOk();
        assertThat(ask.text()).contains("of students is 2026-03-04T12:55:00Z");

        Visitor.Seen wrong =
                ops.submit(ask, "action", "definition", "students", "position", "tuesday", "reason", "lost");
        ops.submit(ask, "action", "definition", "students", "position", "2026-03-01T00:00:00Z", "reason", "lost");

        assertThat(wrong.text()).contains("the position must be a time with its zone, such as 2026-11-01T00:00:00Z");
        assertThat(school.sandbox.engine().job("lakeside-students").position("students"))
                .contains(Position.of(Instant.parse("2026-03-01T00:00:00Z")));
    }

    @Test
    void should_send_a_test_record() {
        Visitor.Seen done = ops.submit(
                ops.get("/action?do=send-test&job=lakeside-students").isOk(),
                "action",
                "definition",
                "students",
                "key",
                "7");

        assertThat(ops.follow(done).isOk().text()).contains("test");
        assertThat(school.sftp.files()).anyMatch(file -> file.path().startsWith("test-"));
    }

    @Test
    void should_check_a_job() {
        assertThat(ops.submit(ops.get("/job?name=lakeside-students"), "check")
                        .isOk()
                        .text())
                .contains("all well")
                .contains("lakeside-sftp");
        assertThat(reader.post("/check", Map.of("job", "lakeside-students"), SAME_ORIGIN)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void should_acknowledge_an_incident() {
        String id = school.sandbox.engine().incidents(IncidentQuery.open()).stream()
                .filter(incident -> incident.jobs().contains("riverside-students"))
                .findFirst()
                .orElseThrow()
                .id();

        Visitor.Seen done = ops.submit(
                ops.get("/action?do=acknowledge-incident&incident=" + id).isOk(), "action", "reason", "they know");

        assertThat(ops.follow(done).isOk().text()).doesNotContain("riverside-sftp can't be reached");
        assertThat(audit().get(0))
                .isEqualTo("ops acknowledge-incident - incident " + id + " [they know] DONE the incident has ended");
    }

    @Test
    void should_copy_and_remove_a_job_where_the_host_keeps_it() {
        ops.submit(ops.get("/action?do=duplicate&job=lakeside-students").isOk(), "action", "copy", "lakeside-copy");
        Visitor.Seen taken = ops.submit(
                ops.get("/action?do=duplicate&job=lakeside-students").isOk(), "action", "copy", "Lakeside-Held");
        Visitor.Seen removed =
                ops.submit(ops.get("/action?do=remove&job=lakeside-copy").isOk(), "action", "reason", "a mistake");

        assertThat(taken.text()).contains("another job has that name");
        assertThat(ops.follow(removed).isOk().text()).doesNotContain("lakeside-copy");
        assertThat(school.editor.asked).containsExactly("ops copies to lakeside-copy", "ops removes lakeside-copy");
        assertThat(ops.get("/action?do=remove&job=riverside-students").status()).isEqualTo(400);
    }

    @Test
    void should_change_a_layout_after_a_preview() {
        Visitor.Seen form =
                ops.get("/layout?job=lakeside-students&definition=students").isOk();
        String[] change = {
            "header-2",
            "Full name",
            "order-2",
            "1",
            "field-3",
            "",
            "order-1",
            "2",
            "order-3",
            "3",
            "order-4",
            "4",
            "order-5",
            "5",
            "order-6",
            "6",
            "order-7",
            "7",
            "field-1",
            "id",
            "field-2",
            "name",
            "field-4",
            "born",
            "transformation-2",
            ""
        };

        Visitor.Seen preview = ops.submit(form, "layout", with(change, "step", "preview"));
        Visitor.Seen saved = ops.submit(form, "layout", with(change, "step", "save"));

        assertThat(preview.isOk().text()).contains("<th scope=\"row\">Full name</th>", "Student 1");
        assertThat(school.editor.asked).containsExactly("ops saves 3 columns");
        assertThat(ops.follow(saved).isOk().text())
                .contains(
                        "Full name",
                        "<td class=\"code\">status</td><td></td><td></td><td>the layout has not chosen it");
        school.put(80, 82);
        school.sandbox.clock().advance(Duration.ofMinutes(10));
        school.sandbox.engine().job("lakeside-students").runNow();
        assertThat(school.sftp
                        .files()
                        .get(school.sftp.files().size() - 1)
                        .lines()
                        .get(0))
                .isEqualTo("Full name,id,born");
        assertThat(ops.submit(form, "layout", with(change, "step", "save")).text())
                .contains("the layout was changed since this page was shown: open it anew");
    }

    private static String[] with(String[] values, String... more) {
        return Stream.concat(Stream.of(values), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void should_refuse_a_layout_that_does_not_fit() {
        Visitor.Seen form =
                ops.get("/layout?job=lakeside-students&definition=students").isOk();

        Visitor.Seen refused = ops.submit(
                form,
                "layout",
                "order-1",
                "1",
                "field-1",
                "id",
                "header-1",
                "Same",
                "order-2",
                "2",
                "field-2",
                "name",
                "header-2",
                "Same",
                "step",
                "save");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("role=\"alert\"", "Same");
        assertThat(school.editor.asked).isEmpty();
    }

    @Test
    void should_do_the_same_to_all_jobs_of_a_filter_and_list_each_failure() {
        Visitor.Seen ask = ops.get("/action?do=pause&customer=lakeside").isOk();
        assertThat(ask.text()).contains("Pause: 2\u00a0jobs?");

        Visitor.Seen done = ops.submit(ask, "action", "reason", "holidays");

        assertThat(done.isOk().text()).contains("2\u00a0jobs done, 0 failed.");
        assertThat(school.sandbox.engine().job("lakeside-held").summary().pause())
                .isPresent();
        assertThat(school.sandbox.engine().job("riverside-students").summary().pause())
                .isEmpty();
        assertThat(ops.submit(ask, "action", "reason", "holidays").status()).isEqualTo(409);
        assertThat(audit()).hasSize(4);
    }

    // ---- attacks

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "send-test", "backfill", "reset-position", "duplicate", "remove"})
    void should_deny_by_hand_made_requests_what_is_not_offered(String action) {
        lakeside.get("/");
        Map<String, String> fields =
                Map.of("do", action, "job", "lakeside-students", "seen", "any", "outfeed-token", lakeside.token());

        assertThat(lakeside.get("/action?do=" + action + "&job=lakeside-students")
                        .status())
                .isEqualTo(403);
        assertThat(lakeside.post("/action", fields, SAME_ORIGIN).status()).isEqualTo(403);
        assertThat(audit()).containsOnly("lakeside " + action + " lakeside-students  [] DENIED ");
        assertThat(school.sandbox.engine().job("lakeside-students").summary().pause())
                .isEmpty();
    }

    @Test
    void should_have_in_the_audit_what_a_person_may_not_read_or_save() {
        long run = school.lastRun("lakeside-students");
        reader.get("/");
        lakeside.get("/");
        Map<String, String> form =
                Map.of("job", "lakeside-students", "definition", "students", "keys", "7", "key", "7");

        assertThat(reader.post("/mapping", signed(reader, form), SAME_ORIGIN).status())
                .isEqualTo(403);
        assertThat(reader.post("/search", signed(reader, form), SAME_ORIGIN).status())
                .isEqualTo(403);
        assertThat(lakeside.post("/layout", signed(lakeside, form), SAME_ORIGIN).status())
                .isEqualTo(403);
        assertThat(lakeside.get("/download?run=" + run + "&path=lakeside-students-1.csv")
                        .status())
                .isEqualTo(403);
        assertThat(lakeside.post("/mapping", signed(lakeside, form), SAME_ORIGIN)
                        .isOk()
                        .text())
                .contains("Student 7");
        assertThat(audit())
                .containsExactly(
                        "lakeside preview lakeside-students  [] DONE students",
                        "lakeside download lakeside-students run " + run + " [] DENIED ",
                        "lakeside save-layout lakeside-students  [] DENIED ",
                        "reader search lakeside-students  [] DENIED ",
                        "reader preview lakeside-students  [] DENIED ");
    }

    private static Map<String, String> signed(Visitor visitor, Map<String, String> form) {
        Map<String, String> signed = new HashMap<>(form);
        signed.put("outfeed-token", visitor.token());
        return signed;
    }

    @Test
    void should_take_forms_of_its_own_pages_only() {
        Visitor.Seen ask = ops.get("/action?do=run-now&job=lakeside-students");
        String seen = ask.text().replaceAll("(?s).*name=\"seen\" value=\"([^\"]*)\".*", "$1");
        Map<String, String> fields =
                Map.of("do", "run-now", "job", "lakeside-students", "seen", seen, "outfeed-token", ops.token());
        Map<String, String> noToken = Map.of("do", "run-now", "job", "lakeside-students", "seen", seen);
        Map<String, String> wrongToken =
                Map.of("do", "run-now", "job", "lakeside-students", "seen", seen, "outfeed-token", "A".repeat(32));
        long before = school.lastRun("lakeside-students");

        assertThat(List.of(
                        ops.post("/action", noToken, SAME_ORIGIN),
                        ops.post("/action", wrongToken, SAME_ORIGIN),
                        ops.post("/action", fields, Map.of()),
                        ops.post("/action", fields, Map.of("Sec-Fetch-Site", List.of("cross-site"))),
                        ops.post("/action", fields, Map.of("Sec-Fetch-Site", List.of("same-site"))),
                        ops.post("/action", fields, Map.of("Origin", List.of("https://evil.example"))),
                        ops.post("/action", fields, Map.of("Origin", List.of("null")))))
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(403));
        assertThat(school.lastRun("lakeside-students")).isEqualTo(before);
        assertThat(ops.post("/action", fields, Map.of("Origin", List.of("https://exports.example")))
                        .status())
                .isEqualTo(303);
        Map<String, List<String>> noCookie =
                Map.of("Sec-Fetch-Site", List.of("same-origin"), "Cookie", List.of("outfeed-token="));
        assertThat(ops.post("/action", fields, noCookie).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void should_refuse_other_methods(String method) {
        ConsoleResponse response = school.send(method, "ops", "/jobs", "", Map.of());

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers()).containsEntry("Allow", "GET, HEAD, POST");
    }

    @Test
    void should_change_nothing_by_reading() {
        assertThat(ops.get("/action?do=run-now&job=lakeside-students&seen=any")
                        .isOk()
                        .text())
                .contains("<form method=\"post\"");
        assertThat(ops.get("/check?job=lakeside-students").status()).isEqualTo(404);
        assertThat(audit()).isEmpty();
    }

    @Test
    void should_show_nothing_without_a_person() {
        Visitor stranger = new Visitor(school, "");

        assertThat(stranger.get("/jobs").status()).isEqualTo(401);
        assertThat(stranger.get("/jobs").text()).doesNotContain("lakeside-students");
        assertThat(stranger.get("/state.json").status()).isEqualTo(401);
        assertThat(stranger.get("/console.css").status()).isEqualTo(200);
    }

    @Test
    void should_deny_all_to_a_person_who_is_not_known() {
        Visitor unknown = new Visitor(school, "mallory");

        assertThat(unknown.get("/jobs").isOk().text()).doesNotContain("lakeside", "riverside");
        assertThat(unknown.get("/").isOk().text()).contains("You may see no job");
        assertThat(unknown.get("/job?name=lakeside-students").status()).isEqualTo(404);
    }

    @Test
    void should_escape_what_others_have_written() {
        ops.submit(
                ops.get("/action?do=pause&job=riverside-students"), "action", "reason", School.SCRIPT + "\" autofocus");
        for (String page : List.of("/", "/jobs", "/job?name=riverside-students", "/audit")) {
            assertThat(ops.get(page).isOk().text())
                    .as(page)
                    .contains("&lt;script&gt;")
                    .doesNotContain(School.SCRIPT);
        }
        assertThat(ops.get("/jobs?search=%22%3E%3Cscript%3E").isOk().text()).doesNotContain("\"><script>");
        assertThat(ops.get("/action?do=pause&job=riverside-weekly%3Cscript%3E").text())
                .doesNotContain("<script>d");
    }

    @Test
    void should_send_every_answer_with_the_headers_of_security() {
        for (String page : List.of("/", "/jobs.json", "/nothing", "/action", "/audit", "/console.js")) {
            assertThat(reader.get(page).headers())
                    .as(page)
                    .containsEntry("X-Content-Type-Options", "nosniff")
                    .containsEntry("Referrer-Policy", "no-referrer")
                    .hasEntrySatisfying(
                            "Content-Security-Policy",
                            policy -> assertThat(policy)
                                    .startsWith("default-src 'none'; ")
                                    .doesNotContain("unsafe", "*", "http"));
        }
        assertThat(reader.get("/jobs").headers()).containsEntry("Cache-Control", "no-store");
    }

    @Test
    void should_answer_nonsense_with_what_is_wrong() {
        assertThat(ops.get("/run?number=x").status()).isEqualTo(400);
        assertThat(ops.get("/run").status()).isEqualTo(400);
        assertThat(ops.get("/jobs?search=%zz").status()).isEqualTo(400);
        assertThat(ops.get("/action?do=explode&job=lakeside-students").status()).isEqualTo(400);
        assertThat(ops.get("/action?do=release&run=" + school.lastRun("lakeside-students"))
                        .status())
                .isEqualTo(400);
        assertThat(ops.get("/nothing").status()).isEqualTo(404);
        assertThat(ops.get("/run?number=999999").status()).isEqualTo(404);
    }
}
