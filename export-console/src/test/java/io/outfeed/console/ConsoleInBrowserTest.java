package io.outfeed.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Every screen in a real browser: with and without JavaScript, below a path, narrow, dark, and by the rules of axe. */
@Tag("slow")
class ConsoleInBrowserTest {

    private static final String MOUNT = "/tools/exports/";

    /** Pictures of every screen are left here if the property says where. */
    private static final String PICTURES = System.getProperty("outfeed.pictures", "");

    private static School school;
    private static String site;
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws IOException {
        browser = Chromium.open();
        school = new School().withTrouble();
        site = school.serve(MOUNT);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
        if (school != null) {
            school.close();
        }
    }

    static List<String> screens() {
        return List.of(
                "",
                "jobs",
                "jobs?status=PAUSED",
                "job?name=lakeside-students",
                "job?name=riverside-students",
                "mapping?job=lakeside-students&definition=students",
                "layout?job=lakeside-students&definition=students",
                "run?number=1",
                "run?number=" + waiting(),
                "destinations?litter=1",
                "search",
                "audit",
                "action?do=reset-position&job=lakeside-students",
                "action?do=redeliver&run=1",
                "action?do=pause&customer=lakeside",
                "job?name=nothing");
    }

    private static long waiting() {
        return school.sandbox
                .engine()
                .job("riverside-students")
                .summary()
                .current()
                .orElseThrow()
                .number();
    }

    private static void show(String person, String page) {
        Chromium.signIn(browser, site, person);
        browser.get(site + MOUNT + page);
    }

    private static void await(java.util.function.Predicate<ChromeDriver> condition) {
        new WebDriverWait(browser, Duration.ofMinutes(1)).until(driver -> condition.test(browser));
    }

    private static WebElement button(String label) {
        return browser.findElements(By.cssSelector("button, a.button")).stream()
                .filter(each -> each.getText().equals(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button '" + label + "' in " + browser.getPageSource()));
    }

    @ParameterizedTest
    @MethodSource("screens")
    void should_pass_axe_fit_a_narrow_window_and_break_no_policy(String page) throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.executeCdpCommand(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
            browser.manage().window().setSize(new Dimension(1200, 900));
            show("ops", page);
            assertThat(axe()).as(scheme).isEmpty();
            picture(page, scheme);
        }
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 320, "height", 700, "deviceScaleFactor", 1, "mobile", true));
        browser.navigate().refresh();
        Object wider = browser.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        picture(page, "narrow");
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        assertThat(wider).as("pixels beyond 320").isEqualTo(0L);
        assertThat(browser.manage().logs().get("browser").getAll().stream()
                        .map(entry -> entry.getMessage())
                        .filter(message -> message.contains("Content Security Policy")))
                .isEmpty();
    }

    /** What axe finds, by the rules of WCAG 2.2 AA: the rule, and where. */
    private static List<?> axe() throws IOException {
        try (InputStream script = ConsoleInBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            browser.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<?>) Objects.requireNonNull(browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
                    .then(found => done(found.violations.flatMap(
                        rule => rule.nodes.map(node => rule.id + ' ' + node.html))));
                """));
    }

    private static void picture(String page, String kind) throws IOException {
        if (!PICTURES.isEmpty()) {
            Path file = Path.of(
                    PICTURES, (page.isEmpty() ? "attention" : page.replaceAll("[^a-z]+", "-")) + "-" + kind + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
        }
    }

    @Test
    void should_pause_and_resume_a_job_by_clicks() {
        show("ops", "");
        Chromium.follow(browser, browser.findElement(By.linkText("Jobs")));
        Chromium.follow(browser, browser.findElement(By.linkText("riverside-once")));
        Chromium.follow(browser, button("Pause"));
        browser.findElement(By.name("reason")).sendKeys("they move");
        Chromium.follow(browser, button("Pause"));
        assertThat(browser.findElement(By.tagName("main")).getText()).contains("paused by operator: they move");

        Chromium.follow(browser, button("Resume"));
        Chromium.follow(browser, button("Resume"));

        assertThat(browser.getCurrentUrl()).startsWith(site + MOUNT + "job?name=riverside-once");
        assertThat(school.sandbox.engine().job("riverside-once").summary().pause())
                .isEmpty();
    }

    @Test
    void should_keep_filters_when_the_person_goes_back() {
        show("ops", "jobs");
        browser.findElement(By.name("search")).sendKeys("week");
        Chromium.follow(browser, button("Show"));
        Chromium.follow(browser, browser.findElement(By.linkText("riverside-weekly")));
        browser.navigate().back();

        assertThat(browser.findElement(By.name("search")).getDomProperty("value"))
                .isEqualTo("week");
        assertThat(browser.findElements(By.cssSelector("table.jobs tbody tr"))).hasSize(1);
    }

    @Test
    void should_work_with_the_keyboard_alone() {
        show("ops", "jobs");
        browser.switchTo().activeElement().sendKeys(org.openqa.selenium.Keys.TAB);
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("To the content");
        browser.switchTo().activeElement().sendKeys(org.openqa.selenium.Keys.ENTER);
        browser.switchTo().activeElement().sendKeys(org.openqa.selenium.Keys.TAB);
        assertThat(browser.switchTo().activeElement().getDomAttribute("name")).isEqualTo("search");
    }

    @Test
    void should_show_by_itself_that_something_has_changed() {
        school.sandbox.add(school.job("hill-students", "hill", school.sftp).build());
        show("ops", "job?name=hill-students");
        assertThat(browser.findElement(By.tagName("main")).getText()).contains("None yet.");

        school.sandbox.engine().job("hill-students").runNow();

        await(page -> page.findElements(By.linkText("None yet.")).isEmpty()
                && page.findElement(By.tagName("main")).getText().contains("manual"));
        school.sandbox.engine().remove("hill-students", io.outfeed.operation.History.PURGE);
    }

    @Test
    void should_offer_names_while_a_person_types() {
        show("lakeside", "jobs");
        browser.findElement(By.name("search")).sendKeys("stud");

        await(page -> page.findElements(By.cssSelector("#names option")).size() == 1);
        assertThat(browser.findElement(By.cssSelector("#names option")).getDomAttribute("value"))
                .isEqualTo("lakeside-students");
    }

    @Test
    void should_run_no_script_of_others() {
        show("ops", "jobs");

        assertThat(browser.getTitle()).isEqualTo("Jobs · Exports of Example School Systems");
        assertThat(browser.findElement(By.tagName("main")).getText()).contains(School.SCRIPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "lakeside"})
    void should_offer_to_each_person_what_they_may_do(String person) {
        show(person, "job?name=lakeside-students");

        assertThat(browser.findElements(By.cssSelector("main .buttons a.button")))
                .extracting(WebElement::getText)
                .isEqualTo(person.equals("lakeside") ? List.of("Run now") : List.of());
    }

    @Test
    void should_work_without_javascript() {
        ChromeDriver plain = Chromium.open("--blink-settings=scriptEnabled=false");
        try {
            Chromium.signIn(plain, site, "ops");
            plain.get(site + MOUNT + "mapping?job=lakeside-students&definition=students");
            plain.findElement(By.name("keys")).sendKeys("7");
            Chromium.follow(plain, plain.findElement(By.cssSelector("form.stack button")));
            assertThat(plain.findElement(By.tagName("main")).getText()).contains("Student 7");

            plain.get(site + MOUNT + "action?do=pause&job=riverside-students");
            plain.findElement(By.name("reason")).sendKeys("they move");
            Chromium.follow(plain, plain.findElement(By.cssSelector("form.stack button")));
            assertThat(school.sandbox
                            .engine()
                            .job("riverside-students")
                            .summary()
                            .pause())
                    .isPresent();
            school.sandbox.engine().job("riverside-students").resume();
        } finally {
            plain.quit();
        }
    }
}
