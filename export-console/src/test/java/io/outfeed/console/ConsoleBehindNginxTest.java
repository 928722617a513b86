package io.outfeed.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.operation.JobPause;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** The console at another path than its own, behind a proxy that passes on the header Host or does not. */
@Tag("slow")
class ConsoleBehindNginxTest {

    private static final String MOUNT = "/tools/exports/";

    /** Where the proxy shows it. */
    private static final String SHOWN = "/intranet/reports/";

    private static final String WITH_HOST = "proxy_set_header Host $http_host;";

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    private final School school = new School().withTrouble();
    private final HttpClient client = HttpClient.newHttpClient();
    private String console;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        console = school.serve(MOUNT).replace("localhost", "127.0.0.1") + MOUNT;
    }

    @AfterEach
    void close() {
        school.close();
    }

    private Nginx nginx(String directives) throws IOException {
        return Nginx.start(directory, SHOWN, console, directives);
    }

    private Optional<JobPause> pause() {
        return school.sandbox.engine().job("riverside-once").summary().pause();
    }

    @Test
    void should_be_used_in_a_browser_at_the_path_of_the_proxy() throws IOException {
        try (Nginx nginx = nginx("")) {
            ChromeDriver browser = Chromium.open();
            try {
                Chromium.signIn(browser, nginx.site(), "ops");
                browser.get(nginx.site() + SHOWN);
                Chromium.follow(browser, browser.findElement(By.linkText("Jobs")));
                Chromium.follow(browser, browser.findElement(By.linkText("riverside-once")));
                Chromium.follow(browser, browser.findElement(By.linkText("Pause")));
                browser.findElement(By.name("reason")).sendKeys("they move");
                Chromium.follow(browser, browser.findElement(By.cssSelector("form.stack button")));

                assertThat(browser.getCurrentUrl()).startsWith(nginx.site() + SHOWN + "job?name=riverside-once");
                assertThat(browser.findElement(By.tagName("main")).getText()).contains("paused by operator: they move");
                assertThat(browser.findElements(By.cssSelector("[href], [src], [action]")))
                        .extracting(ConsoleBehindNginxTest::address)
                        .allMatch(address -> address.startsWith(nginx.site() + SHOWN));
                assertThat(pause()).isPresent();
            } finally {
                browser.quit();
            }
        }
    }

    /** As the browser resolves it. */
    private static String address(WebElement element) {
        return Optional.ofNullable(element.getDomProperty("href"))
                .or(() -> Optional.ofNullable(element.getDomProperty("src")))
                .orElseGet(() -> String.valueOf(element.getDomProperty("action")));
    }

    /** Over plain HTTP a browser sends no {@code Sec-Fetch-Site}. */
    @Test
    void should_take_a_form_whose_origin_is_the_host_that_the_proxy_passes_on() throws Exception {
        try (Nginx nginx = nginx(WITH_HOST)) {
            HttpResponse<String> done = pause(nginx, nginx.site());

            assertThat(done.statusCode()).as(done.body()).isEqualTo(303);
            assertThat(pause()).isPresent();
            assertThat(pause(nginx, "http://elsewhere.example").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void should_say_what_the_proxy_has_to_pass_on() throws Exception {
        try (Nginx nginx = nginx("")) {
            HttpResponse<String> refused = pause(nginx, nginx.site());

            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("let the proxy pass on the header Host");
            assertThat(pause()).isEmpty();
        }
    }

    /** Pauses a job as a browser that sends its origin. */
    private HttpResponse<String> pause(Nginx nginx, String origin) throws Exception {
        HttpResponse<String> page = client.send(
                request(nginx, "action?do=pause&job=riverside-once", "person=ops")
                        .build(),
                BodyHandlers.ofString());
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0] + "; person=ops";
        Matcher hidden = HIDDEN.matcher(page.body());
        String form = hidden.results()
                .map(field -> field.group(1) + "=" + URLEncoder.encode(field.group(2), UTF_8))
                .collect(Collectors.joining("&"));
        return client.send(
                request(nginx, "action", cookie)
                        .header("Origin", origin)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form + "&reason=they+move"))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(Nginx nginx, String page, String cookie) {
        return HttpRequest.newBuilder(URI.create(nginx.site() + SHOWN + page)).header("Cookie", cookie);
    }
}
