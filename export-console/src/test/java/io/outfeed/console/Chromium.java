package io.outfeed.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real browser, without a window. Tests are skipped where there is none. */
final class Chromium {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");

    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Chromium() {}

    static ChromeDriver open(String... arguments) {
        assumeTrue(
                Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER),
                "needs chromium and chromedriver: apt-get install chromium chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
        options.addArguments(arguments);
        ChromeDriver driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE).scriptTimeout(PATIENCE);
        return driver;
    }

    /** Clicks on what leads to another page, and waits until that is there to its end. */
    static void follow(WebDriver browser, WebElement link) {
        WebElement left = browser.findElement(By.tagName("html"));
        link.click();
        WebDriverWait wait = new WebDriverWait(browser, PATIENCE);
        wait.until(ExpectedConditions.stalenessOf(left));
        wait.until(ExpectedConditions.presenceOfElementLocated(By.tagName("footer")));
    }

    /** Forgets who was signed in, and signs in another person. */
    static void signIn(WebDriver browser, String site, String person) {
        browser.get(site + "/signed-in-by-a-cookie");
        browser.manage().deleteAllCookies();
        browser.manage().addCookie(new org.openqa.selenium.Cookie("person", person));
    }
}
