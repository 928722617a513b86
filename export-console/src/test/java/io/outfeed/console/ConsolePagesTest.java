package io.outfeed.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each page shows, and to whom. */
class ConsolePagesTest {

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

    @Test
    void should_say_what_needs_attention_why_and_what_to_do_next() {
        String page = ops.get("/").isOk().text();

        assertThat(page)
                .contains("riverside-sftp can't be reached, 1 job")
                .contains("release or discard it. The job waits until then.")
                .contains("paused by operator: the receiver moves to another server")
                .contains("It is tried again")
                .doesNotContain(">riverside-once<");
        assertThat(page.indexOf(">lakeside-held<"))
                .isLessThan(page.indexOf("<h3><a href=\"job?name=riverside-weekly\""));
    }

    @Test
    void should_say_that_all_is_well() {
        try (School calm = new School()) {
            calm.put(1, 5);
            calm.sandbox.add(
                    calm.job("lakeside-students", "lakeside", calm.sftp).build());

            assertThat(new Visitor(calm, "ops").get("/").isOk().text())
                    .contains("Nothing needs you. 1\u00a0job, no incident.");
        }
    }

    @Test
    void should_list_jobs_by_filters_that_are_in_the_address() {
        assertThat(names("/jobs"))
                .containsExactly(
                        "lakeside-held",
                        "lakeside-students",
                        "riverside-once",
                        "riverside-students",
                        "riverside-weekly");
        assertThat(names("/jobs?search=WEEK")).containsExactly("riverside-weekly");
        assertThat(names("/jobs?customer=lakeside")).containsExactly("lakeside-held", "lakeside-students");
        assertThat(names("/jobs?status=PAUSED")).containsExactly("riverside-weekly");
        assertThat(names("/jobs?frequency=ONCE")).containsExactly("riverside-once");
        assertThat(names("/jobs?destination=riverside-sftp")).containsExactly("riverside-students");
        assertThat(names("/jobs?activity=COMPLETED")).containsExactly("riverside-once");
        assertThat(names("/jobs?definition=other")).isEmpty();
        assertThat(names("/jobs?after=riverside-once")).containsExactly("riverside-students", "riverside-weekly");
        assertThat(ops.get("/jobs?status=PAUSED&search=week").isOk().text())
                .contains("<option value=\"PAUSED\" selected>paused</option>")
                .contains("name=\"search\" value=\"week\"")
                .contains("action?do=resume&amp;search=week&amp;status=PAUSED");
    }

    private List<String> names(String address) {
        JsonNode json = json(ops.get(address.replace("/jobs", "/jobs.json")));
        return json.get("jobs").findValuesAsString("name");
    }

    private static JsonNode json(Visitor.Seen seen) {
        assertThat(seen.headers()).containsEntry("Content-Type", "application/json");
        return JsonMapper.shared().readTree(seen.isOk().text());
    }

    @Test
    void should_list_jobs_page_by_page() {
        for (int i = 0; i < 90; i++) {
            school.sandbox.add(
                    school.job("hill-" + (100 + i), "hill", school.sftp).build());
        }

        JsonNode first = json(ops.get("/jobs.json?search=hill"));
        JsonNode second = json(ops.get("/" + first.get("next").asString()));
        JsonNode third = json(ops.get("/" + second.get("next").asString()));

        assertThat(first.get("jobs")).hasSize(40);
        assertThat(second.get("jobs").get(0).get("name").asString()).isEqualTo("hill-140");
        assertThat(third.get("jobs")).hasSize(10);
        assertThat(third.has("next")).isFalse();
    }

    @Test
    void should_explain_a_job() {
        assertThat(ops.get("/job?name=lakeside-students").isOk().text())
                .contains("daily at 07:00 America/Chicago")
                .contains("2026-03-05 07:00 America/Chicago")
                .contains("13:00 GMT")
                .contains("delivered up to <span class=\"code\">2026-03-04T12:55:00Z</span>")
                .contains("Usually 12\u00a0records a run")
                .contains("far more than usual");
    }

    @Test
    void should_show_a_run_with_its_files_and_log() {
        assertThat(ops.get("/run?number=" + school.lastRun("lakeside-students"))
                        .isOk()
                        .text())
                .contains("lakeside-students-3.csv")
                .contains("published</span>")
                .contains("SHA-256")
                .contains("<h2 id=\"log\">Log</h2>")
                .contains("Download");
        assertThat(ops.get("/run?number=" + school.openRun("riverside-students"))
                        .isOk()
                        .text())
                .contains("OPEN is refused, as the test wanted")
                .contains("It waits until");
    }

    @Test
    void should_show_to_a_customer_its_own_jobs_only_counts_included() {
        assertThat(lakeside.get("/").isOk().text())
                .contains("lakeside-held")
                .doesNotContain("riverside")
                .doesNotContain("can't be reached");
        assertThat(lakeside.get("/jobs").isOk().text()).contains("2\u00a0jobs").doesNotContain("riverside");
        assertThat(lakeside.get("/destinations").isOk().text()).doesNotContain("riverside");
        assertThat(lakeside.get("/names.json?search=s").isOk().text())
                .isEqualTo("[\"lakeside-held\", \"lakeside-students\"]");
        for (String hidden : List.of(
                "/job?name=riverside-students",
                "/job.json?name=riverside-students",
                "/run?number=" + school.openRun("riverside-students"),
                "/mapping?job=riverside-students&definition=students",
                "/state.json?job=riverside-students",
                "/action?do=run-now&job=riverside-students",
                "/job?name=nothing")) {
            assertThat(lakeside.get(hidden)).as(hidden).satisfies(seen -> {
                assertThat(seen.status()).isEqualTo(404);
                assertThat(seen.text()).contains("There is no such job or run, or you may not see it.");
            });
        }
        assertThat(lakeside.get("/audit").status()).isEqualTo(403);
        assertThat(lakeside.get("/download?run=" + school.lastRun("lakeside-students")
                                + "&path=lakeside-students-3.csv")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void should_show_an_incident_of_several_customers_to_each_without_the_others() {
        for (int i = 0; i < 200; i++) {
            school.sftp.failNext(Operation.OPEN, FailureCode.DESTINATION_UNAVAILABLE);
        }
        school.sandbox.engine().job("riverside-weekly").resume();
        school.put(60, 70);
        school.sandbox.advance(Duration.ofDays(7));

        assertThat(ops.get("/").isOk().text()).contains("lakeside-sftp can't be reached, 2 jobs");
        assertThat(lakeside.get("/").isOk().text())
                .contains("lakeside-sftp can't be reached, 1 job")
                .doesNotContain("riverside");
        assertThat(lakeside.get("/.json").isOk().text()).doesNotContain("riverside");
    }

    @Test
    void should_offer_nothing_to_a_person_with_the_right_to_read_only() {
        assertThat(reader.get("/job?name=lakeside-students").isOk().text())
                .doesNotContain("Run now")
                .doesNotContain("Check now")
                .doesNotContain("action?");
        assertThat(reader.get("/jobs").isOk().text()).doesNotContain("action?");
        assertThat(reader.get("/run?number=" + school.lastRun("lakeside-students"))
                        .isOk()
                        .text())
                .doesNotContain("action?")
                .doesNotContain("download?");
        assertThat(reader.get("/").isOk().text()).doesNotContain("Acknowledge");
    }

    @Test
    void should_mask_sensitive_values_unless_the_person_may_see_them() {
        String address = "/mapping?job=lakeside-students&definition=students";

        Visitor.Seen ofCustomer = lakeside.submit(lakeside.get(address), "mapping", "keys", "7\r\n8");
        Visitor.Seen ofOperator = ops.submit(ops.get(address), "mapping", "keys", "7, 8");

        assertThat(ofCustomer.isOk().text())
                .contains("Student 7", "Student 8", "••••", "Sensitive values are masked.")
                .doesNotContain(School.SECRET);
        assertThat(ofOperator.isOk().text())
                .contains("Student 7", School.SECRET)
                .doesNotContain("••••");
        assertThat(reader.get(address).isOk().text()).contains("sensitive").doesNotContain("textarea");
        assertThat(reader.post("/mapping", Map.of("job", "lakeside-students"), Map.of())
                        .status())
                .isEqualTo(403);
    }

    @Test
    void should_show_the_mapping() {
        assertThat(ops.get("/mapping?job=lakeside-students&definition=students")
                        .isOk()
                        .text())
                .contains("<td>direct</td>")
                .contains("<td>transformation</td>")
                .contains("the receiver has no column for them")
                .contains("not mapped");
    }

    @Test
    void should_find_the_run_that_has_sent_a_record_without_its_key_in_an_address() {
        Visitor.Seen found = ops.submit(ops.get("/search"), "search", "job", "lakeside-students", "key", "45");

        assertThat(found.isOk().text())
                .contains("lakeside-students-2.csv")
                .contains("<a href=\"run?number=" + (school.lastRun("lakeside-students") - 3) + "\">");
        assertThat(ops.submit(ops.get("/search"), "search", "job", "lakeside-students", "key", "9999")
                        .text())
                .contains("No file that was kept of lakeside-students has this key, back to run");
    }

    @Test
    void should_download_a_file_as_it_was_delivered() {
        long number = school.lastRun("riverside-once");

        Visitor.Seen file = ops.get("/download?run=" + number + "&path=riverside-once-1.csv");

        assertThat(file.isOk().text())
                .isEqualTo(school.sftp.file("riverside-once-1.csv").text());
        assertThat(file.headers())
                .containsEntry("Content-Disposition", "attachment; filename=\"riverside-once-1.csv\"")
                .containsEntry("Content-Type", "application/octet-stream")
                .containsEntry("X-Content-Type-Options", "nosniff");
        assertThat(ops.get("/download?run=" + number + "&path=../state").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.json",
                "/jobs.json",
                "/job.json?name=lakeside-students",
                "/mapping.json?job=lakeside-students&definition=students",
                "/layout.json?job=lakeside-students&definition=students",
                "/destinations.json",
                "/search.json",
                "/audit.json",
                "/action.json?do=pause&job=lakeside-students",
                "/state.json",
                "/state.json?job=lakeside-students",
                "/run.json?number=1",
                "/names.json"
            })
    void should_have_json_beside_every_page(String address) {
        assertThat(json(ops.get(address))).isNotNull();
    }

    @Test
    void should_not_say_that_all_is_well_to_a_person_who_may_see_no_job() {
        String page = new Visitor(school, "stranger").get("/").isOk().text();

        assertThat(page).contains("You may see no job.").doesNotContain("Nothing needs you");
    }

    @Test
    void should_offer_no_search_to_a_person_who_may_not_see_records() {
        assertThat(reader.get("/search").isOk().text())
                .contains("You may see records of no job.")
                .doesNotContain("<form");
        assertThat(lakeside.get("/search").isOk().text()).contains("<form");
    }

    @Test
    void should_show_the_times_of_incidents_in_the_zone_of_the_page() {
        assertThat(ops.get("/").isOk().text())
                .contains("2026-03-02 07:00 America/Chicago, for 2 days 17 h")
                .doesNotContain(" UTC");
    }

    @Test
    void should_say_that_an_attempt_was_not_made() {
        assertThat(ops.get("/").isOk().text()).contains("It is tried again by itself at");

        school.sandbox.clock().advance(Duration.ofHours(2)); // and nothing is woken

        assertThat(ops.get("/").isOk().text())
                .contains("and was not: look whether an engine that has this job is started.")
                .doesNotContain("It is tried again by itself at");
    }

    @Test
    void should_not_show_a_failed_run_as_if_its_records_had_been_sent() {
        assertThat(ops.get("/jobs?search=riverside-students").isOk().text())
                .contains("bad\">failed</span>")
                .doesNotContain("<td class=\"number\">52</td>");
        assertThat(ops.get("/jobs?search=riverside-weekly").isOk().text())
                .doesNotContain("failed</span>")
                .contains("<td class=\"number\">40</td>");
    }

    @Test
    void should_tell_the_newest_file_and_the_limit_of_each_destination() {
        JsonNode delivered = json(ops.get("/destinations.json")).get(0);
        JsonNode failing = json(ops.get("/destinations.json")).get(1);
        ExportRun newest = school.sandbox.engine().runs(RunQuery.all()).runs().stream()
                .filter(run -> run.status() == RunStatus.COMMITTED)
                .findFirst()
                .orElseThrow();

        assertThat(delivered.get("id").asString()).isEqualTo("lakeside-sftp");
        assertThat(delivered.get("newestRun").asLong()).isEqualTo(newest.number());
        assertThat(delivered.get("newestFile").asString())
                .isEqualTo(
                        newest.deliveries().get(0).publishedAt().orElseThrow().toString());
        assertThat(delivered.get("runsAtATime").asInt())
                .isEqualTo(school.sandbox.engine().runsPerServer());
        assertThat(failing.get("id").asString()).isEqualTo("riverside-sftp");
        assertThat(failing.has("newestFile")).isFalse();
        assertThat(ops.get("/destinations").text()).contains("none in the newest 200 runs");
    }

    @Test
    void should_change_its_state_only_when_there_is_something_new() {
        String before = ops.get("/state.json").isOk().text();
        assertThat(ops.get("/state.json").text()).isEqualTo(before);
        assertThat(ops.get("/").text())
                .contains("data-state=\""
                        + json(ops.get("/state.json")).get("state").asString());

        String job = ops.get("/state.json?job=lakeside-students").isOk().text();
        school.sandbox.engine().job("lakeside-students").runNow();
        assertThat(ops.get("/state.json?job=lakeside-students").text()).isNotEqualTo(job);
    }
}
