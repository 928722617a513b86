package io.outfeed.examples.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.audit.AuditQuery;
import io.outfeed.console.Authorizer;
import io.outfeed.console.ConsoleAction;
import io.outfeed.operation.JobPause;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** The pages and operations of an application that Spring Security protects, as the guide configures it. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        classes = BehindSpringSecurityTest.SecuredApplication.class,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:secured;DB_CLOSE_DELAY=-1",
            "vendor.outboxes=target/secured/outboxes",
            "outfeed.directory=target/secured/state"
        })
class BehindSpringSecurityTest {

    private static final String JOB = "contacts-of-lakeside";

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class SecuredApplication {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/actuator/health")
                            .permitAll()
                            .requestMatchers("/actuator/**")
                            .hasRole("OPERATOR")
                            .anyRequest()
                            .authenticated())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/exports/**", "/actuator/outfeedoperations/**"))
                    .httpBasic(Customizer.withDefaults())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService persons() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("olga")
                            .password("{noop}secret")
                            .roles("OPERATOR")
                            .build(),
                    User.withUsername("rita")
                            .password("{noop}secret")
                            .roles("READER")
                            .build());
        }

        @Bean
        ExportDefinition<Contact> contacts(DataSource database) {
            return new VendorApplication().contacts(database);
        }

        /** Olga may do all, and Rita may look. */
        @Bean
        Authorizer authorizer() {
            return new Authorizer() {
                @Override
                public boolean allows(Principal person, ConsoleAction action, ExportJob job) {
                    return allowsAll(person, action);
                }

                @Override
                public boolean allowsAll(Principal person, ConsoleAction action) {
                    return person.getName().equals("olga") || action == ConsoleAction.VIEW;
                }
            };
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private ExportEngine engine;

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    @BeforeAll
    static void makeOutbox() throws IOException {
        Files.createDirectories(Path.of("target/secured/outboxes/lakeside"));
    }

    @AfterEach
    void resume() {
        engine.job(JOB).resume();
    }

    private String site() {
        return "http://localhost:" + port;
    }

    private HttpRequest.Builder request(String path, String person) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(site() + path));
        return person.isEmpty()
                ? request
                : request.header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((person + ":secret").getBytes(UTF_8)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> operate(String person, String type, String body)
            throws IOException, InterruptedException {
        return send(request("/actuator/outfeedoperations/jobs/" + JOB, person)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> submit(String person, String page, String origin)
            throws IOException, InterruptedException {
        String form = page.substring(page.indexOf("action=\"action\""));
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher hidden = HIDDEN.matcher(form.substring(0, form.indexOf("</form>")));
        while (hidden.find()) {
            fields.put(hidden.group(1), hidden.group(2));
        }
        fields.put("reason", "they move");
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return send(request("/exports/action", person)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", origin)
                .POST(BodyPublishers.ofString(body)));
    }

    private Optional<String> paused() {
        return engine.job(JOB).summary().pause().map(JobPause::reason);
    }

    @ParameterizedTest
    @CsvSource({
        "/actuator/health, '', 200",
        "/exports/jobs, '', 401",
        "/exports/jobs, rita, 200",
        "/actuator/outfeed/jobs, '', 401",
        "/actuator/outfeed/jobs, rita, 403",
        "/actuator/outfeed/jobs, olga, 200",
    })
    void should_show_to_each_person_what_the_chain_allows(String path, String person, int status) throws Exception {
        assertThat(send(request(path, person)).statusCode()).isEqualTo(status);
    }

    @Test
    void should_take_a_form_of_the_pages_in_the_name_of_the_person() throws Exception {
        String page =
                send(request("/exports/action?do=pause&job=" + JOB, "olga")).body();

        HttpResponse<String> answer = submit("olga", page, site());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(paused()).contains("they move");
        assertThat(engine.audit(AuditQuery.all().limit(1)).get(0).entry().principal())
                .isEqualTo("olga");
    }

    @Test
    void should_refuse_a_form_of_another_site_and_of_a_person_who_may_not() throws Exception {
        String page =
                send(request("/exports/action?do=pause&job=" + JOB, "olga")).body();

        assertThat(submit("olga", page, "http://other.example").statusCode()).isEqualTo(403);
        assertThat(submit("rita", page, site()).statusCode()).isNotEqualTo(303);
        assertThat(paused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "olga, application/json, 200",
        "rita, application/json, 403",
        "'', application/json, 401",
        "olga, text/plain, 415",
        "olga, application/x-www-form-urlencoded, 415",
    })
    void should_take_operations_as_json_of_operators_only(String person, String type, int status) throws Exception {
        HttpResponse<String> answer = operate(person, type, "{\"action\": \"pause\", \"reason\": \"they move\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(paused().isPresent()).isEqualTo(status == 200);
    }

    @Test
    void should_be_configured_as_the_guide_says() throws IOException {
        Matcher block = Pattern.compile("```java\n(@Bean\nSecurityFilterChain .*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/guide/spring-boot.md")));
        String source =
                Files.readString(Path.of("src/test/java/io/outfeed/examples/boot/BehindSpringSecurityTest.java"));

        assertThat(block.find()).isTrue();
        assertThat(source.replaceAll("\\s", "")).contains(block.group(1).replaceAll("\\s", ""));
    }
}
