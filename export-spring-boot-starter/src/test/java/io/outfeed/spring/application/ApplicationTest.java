package io.outfeed.spring.application;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.icegreen.greenmail.util.GreenMailUtil;
import com.jayway.jsonpath.JsonPath;
import io.outfeed.ExportEngine;
import io.outfeed.run.RunStatus;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole application with PostgreSQL, an SFTP server and a mail server, asked over HTTP. */
class ApplicationTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static World world;
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(directory.resolve("sftp"));
        application = start("--outfeed.directory=" + directory.resolve("state"));
    }

    private static ConfigurableApplicationContext start(String... more) {
        return world.run(List.of(TestApplication.class), more);
    }

    @AfterAll
    static void stop() throws IOException {
        application.close();
        world.close();
    }

    private static ExportEngine engine() {
        return application.getBean(ExportEngine.class);
    }

    private static URI uri(String path) {
        return uri(application, path);
    }

    private static URI uri(ConfigurableApplicationContext context, String path) {
        return URI.create(
                "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/actuator/" + path);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String action, String reason)
            throws IOException, InterruptedException {
        String body = "{\"action\": \"%s\", \"reason\": \"%s\"}".formatted(action, reason);
        return HTTP.send(
                HttpRequest.newBuilder(uri("outfeedoperations/" + path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** What is at a path of a JSON answer, as text. */
    private static String json(HttpResponse<String> answer, String path) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return String.valueOf(JsonPath.<Object>read(answer.body(), path));
    }

    @Test
    void should_deliver_by_sftp_and_show_it() throws Exception {
        long run = engine().job("contacts-lakeside").runNow().number();

        assertThat(world.sftp().file("lakeside-1.csv")).isEqualTo("id,State\r\n1,active\r\n2,gone\r\n");
        HttpResponse<String> shown = get("outfeed/runs/" + run);
        assertThat(json(shown, "$.run.status")).isEqualTo("COMMITTED");
        assertThat(json(shown, "$.files[0].rows")).isEqualTo("2");
        assertThat(json(shown, "$.files[0].destinations[0].delivery")).isEqualTo("lakeside");
        assertThat(json(get("outfeed/jobs/contacts-lakeside"), "$.lastOutcome.number"))
                .isEqualTo(Long.toString(run));
        assertThat(json(get("outfeed/jobs/contacts-lakeside/runs"), "$.runs[0].number"))
                .isEqualTo(Long.toString(run));
        assertThat(get("prometheus").body()).contains("outfeed_rows_total{tenant=\"lakeside\"} 2.0");
        assertThat(get("prometheus").body()).contains("outfeed_attempt_seconds_count");
    }

    @Test
    void should_deliver_by_mail() throws Exception {
        assertThat(engine().job("contacts-riverside").runNow().status()).isEqualTo(RunStatus.COMMITTED);

        assertThat(world.mail().waitForIncomingEmail(30_000, 1)).isTrue();
        MimeMessage message = world.mail().getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("contacts: riverside-1.csv");
        assertThat(GreenMailUtil.getWholeMessage(message)).contains("riverside-1.csv");
    }

    @Test
    void should_be_healthy_and_list_its_jobs() throws Exception {
        HttpResponse<String> health = get("health");

        assertThat(json(health, "$.components.outfeed.status")).isEqualTo("UP");
        assertThat(json(health, "$.components.outfeed.details.delayedJobs")).isEqualTo("0");
        assertThat(json(get("outfeed/jobs"), "$.jobs[*].name"))
                .isEqualTo("[\"contacts-lakeside\",\"contacts-riverside\"]");
        assertThat(json(get("outfeed/jobs/status/yet_to_execute"), "$.next")).isEqualTo("null");
        HttpResponse<String> noStatus = get("outfeed/jobs/status/LATE");
        assertThat(noStatus.statusCode()).isEqualTo(400);
        assertThat(noStatus.body()).contains("\"code\":\"BAD_REQUEST\"").contains("DELAYED, IN_PROGRESS");
        assertThat(get("outfeed/jobs/none").statusCode()).isEqualTo(404);
        assertThat(get("outfeed/runs/4711").statusCode()).isEqualTo(404);
        assertThat(get("outfeed/anything").statusCode()).isEqualTo(404);
    }

    @Test
    void should_be_down_once_the_engine_can_not_work() throws Exception {
        try (ConfigurableApplicationContext other = start("--outfeed.directory=" + directory.resolve("other"))) {
            other.getBean(ExportEngine.class).close();

            HttpResponse<String> health =
                    HTTP.send(HttpRequest.newBuilder(uri(other, "health")).build(), BodyHandlers.ofString());

            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(JsonPath.<String>read(health.body(), "$.components.outfeed.status"))
                    .isEqualTo("DOWN");
        }
    }

    @Test
    void should_pause_and_resume_a_job() throws Exception {
        HttpResponse<String> paused = post("jobs/contacts-riverside", "pause", "the receiver moves");

        assertThat(json(paused, "$.pause.reason")).isEqualTo("the receiver moves");
        assertThat(json(post("jobs/contacts-riverside", "resume", "it has"), "$.pause"))
                .isEqualTo("null");
        assertThat(post("jobs/none", "pause", "-").statusCode()).isEqualTo(404);
        assertThat(post("jobs/contacts-riverside", "explode", "-").statusCode()).isEqualTo(400);
    }

    @Test
    void should_show_to_each_person_their_jobs_in_the_console() throws Exception {
        URI console = uri("").resolve("/vendor/exports");

        HttpResponse<String> withoutSlash = page(console, "lakeside");
        HttpResponse<String> jobs = page(URI.create(console + "/jobs"), "lakeside");

        assertThat(withoutSlash.statusCode()).isEqualTo(303);
        assertThat(withoutSlash.headers().firstValue("Location")).contains("exports/");
        assertThat(page(URI.create(console + "/"), "lakeside").body()).contains("Exports of a vendor");
        assertThat(jobs.body()).contains("contacts-lakeside").doesNotContain("contacts-riverside");
        assertThat(page(URI.create(console + "/job?name=contacts-riverside"), "lakeside")
                        .statusCode())
                .isEqualTo(404);
        assertThat(page(URI.create(console + "/console.css"), "lakeside")
                        .headers()
                        .allValues("Content-Type"))
                .singleElement(as(STRING))
                .startsWith("text/css");
        assertThat(HTTP.send(HttpRequest.newBuilder(URI.create(console + "/")).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
    }

    private static HttpResponse<String> page(URI address, String person) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(address).header("Person", person).build(), BodyHandlers.ofString());
    }

    @Test
    void should_have_no_secret_in_what_it_shows() throws Exception {
        assertThat(get("outfeed").body() + get("outfeed/jobs").body())
                .doesNotContain(SftpTestServer.PASSWORD)
                .doesNotContain("property:world");
    }
}
