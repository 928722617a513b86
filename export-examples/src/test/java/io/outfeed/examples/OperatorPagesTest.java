package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.console.Console;
import io.outfeed.console.ConsoleRequest;
import io.outfeed.testing.ExportSandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorPagesTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T06:00:00Z"));

    @Test
    void should_be_what_the_guide_shows() throws IOException {
        assertThat(Readme.code("docs/guide/console.md", "# Pages for operators"))
                .isEqualTo(Readme.region("OperatorPages.java", "console"));
    }

    @Test
    void should_let_the_operator_see_what_a_customer_may_not() {
        try (sandbox;
                Console console = OperatorPages.console(sandbox.engine())) {
            assertThat(audit(console, () -> "operator")).isEqualTo(200);
            assertThat(audit(console, () -> "lakeside")).isEqualTo(403);
        }
    }

    private static int audit(Console console, Principal person) {
        return console.handle(new ConsoleRequest("GET", "/audit", "", Map.of(), new byte[0], person, true))
                .status();
    }

    @Test
    void should_be_served_by_the_demonstration() throws Exception {
        try (sandbox;
                DemoConsole console = DemoConsole.serve(sandbox.engine(), ZoneOffset.UTC)) {
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(console.address())).build(), BodyHandlers.ofString());

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<title>Needs attention · Exports of the demonstration</title>");
        }
    }
}
