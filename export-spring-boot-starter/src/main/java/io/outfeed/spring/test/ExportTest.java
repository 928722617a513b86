package io.outfeed.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/**
 * Makes a test of an application in which the clock stands still until the test moves it, jobs run on the test's own
 * thread, state is in memory, and files arrive at {@link SandboxDeliveries}. Jobs and job sources, definitions,
 * listeners and customizers are those of the application; its destinations are checked, and never contacted.
 *
 * <pre>{@code
 * @ExportTest
 * class ContactsTest {
 *
 *     @Autowired ExportSandbox sandbox;
 *     @Autowired SandboxDeliveries deliveries;
 *
 *     @Test
 *     void should_deliver_each_morning() {
 *         sandbox.advance(Duration.ofDays(1));
 *         assertThat(deliveries.at("lakeside").file("contacts-1.csv").lines()).hasSize(3);
 *     }
 * }
 * }</pre>
 *
 * <p>The clock shows 2026-03-02T00:00:00Z, or what the property {@code outfeed-test.start} says, until the test moves
 * it. The application starts without a web server. Its context is shared by the tests of a class, and the sandbox with
 * it: annotate a class or method with {@code @DirtiesContext} to begin anew.
 *
 * <p>Needs export-testing and spring-boot-starter-test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
@Import(ExportTestConfiguration.class)
public @interface ExportTest {}
