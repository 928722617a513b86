package io.outfeed.spring.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.spring.OutfeedAutoConfiguration;
import io.outfeed.spring.OutfeedMetricsAutoConfiguration;
import io.outfeed.spring.actuate.OutfeedEndpointAutoConfiguration;
import io.outfeed.spring.actuate.OutfeedHealthAutoConfiguration;
import io.outfeed.spring.byhand.ByHand;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The host without the starter, which the guide counts the lines of, does the same as the one with it. */
class ByHandTest {

    private static final String STARTER = Stream.of(
                    OutfeedAutoConfiguration.class,
                    OutfeedMetricsAutoConfiguration.class,
                    OutfeedEndpointAutoConfiguration.class,
                    OutfeedHealthAutoConfiguration.class)
            .map(Class::getName)
            .collect(Collectors.joining(","));

    @TempDir
    private Path directory;

    @Test
    void should_do_what_the_starter_does() throws Exception {
        try (World world = World.start(directory.resolve("sftp"));
                ConfigurableApplicationContext application = world.run(
                        List.of(TestApplication.class, ByHand.class),
                        "--spring.autoconfigure.exclude=" + STARTER,
                        "--outfeed.directory=" + directory.resolve("state"))) {
            ExportEngine engine = application.getBean(ExportEngine.class);
            engine.job("contacts-lakeside").runNow();
            engine.job("contacts-riverside").runNow();

            assertThat(world.sftp().file("lakeside-1.csv")).isEqualTo("id,State\r\n1,active\r\n2,gone\r\n");
            assertThat(world.mail().waitForIncomingEmail(30_000, 1)).isTrue();
            assertThat(get(application, "exports/jobs")).contains("contacts-lakeside", "contacts-riverside");
            assertThat(get(application, "actuator/health")).contains("\"openIncidents\":0");
            assertThat(get(application, "actuator/prometheus"))
                    .contains("outfeed_rows_total{tenant=\"lakeside\"} 2.0");
        }
    }

    private static String get(ConfigurableApplicationContext application, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:"
                + application.getEnvironment().getProperty("local.server.port") + "/" + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
