package io.outfeed.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.outfeed.ExportJob;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the queries of the dashboard with what Prometheus scrapes. */
class DashboardTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(outfeed_\\w+)(?:\\{([^}]*)})? (\\S+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern QUERY = Pattern.compile("(outfeed_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern GROUPING = Pattern.compile("by \\((\\w+)\\)");

    private static final List<Path> PROMTOOL =
            List.of(Path.of("/usr/bin/promtool"), Path.of("/opt/outfeed-ci/prometheus/usr/bin/promtool"));

    private static final String SCRAPE = scrape();

    /** What was scraped: the labels of each series, by the name of the metric. */
    private static final Map<String, List<Map<String, String>>> SCRAPED = series();

    @TempDir
    private Path directory;

    /** Lets one job succeed and another one wait for its destination. */
    private static String scrape() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ExportMetrics metrics = new ExportMetrics(registry, JobTags.none(), Duration.ZERO);
        ListSource<Visit> source = Visit.source();
        source.put(new Visit(1, START.minusSeconds(3600)));
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(START, engine -> engine.listener(metrics))) {
            metrics.bind(sandbox.engine());
            sandbox.add(ExportJob.builder("well", Visit.export(source))
                    .deliverTo(lakeside)
                    .build());
            sandbox.add(ExportJob.builder("delayed", Visit.export(source))
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .deliverTo(lakeside)
                    .build());
            sandbox.engine().job("well").runNow();
            lakeside.failNext(Operation.OPEN, Failure.REFUSED);
            sandbox.advance(Duration.ofHours(1));
            return registry.scrape();
        }
    }

    private static Map<String, List<Map<String, String>>> series() {
        Map<String, List<Map<String, String>>> series = new HashMap<>();
        Matcher sample = SAMPLE.matcher(SCRAPE);
        while (sample.find()) {
            series.computeIfAbsent(sample.group(1), name -> new ArrayList<>()).add(labels(sample.group(2)));
        }
        return series;
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        if (text != null) {
            Matcher label = LABEL.matcher(text);
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return labels;
    }

    private static List<String> queries() {
        List<String> queries = new ArrayList<>();
        try (InputStream dashboard = DashboardTest.class.getResourceAsStream("/META-INF/grafana/outfeed.json")) {
            for (JsonNode panel : new JsonMapper().readTree(dashboard).get("panels")) {
                for (JsonNode target : panel.get("targets")) {
                    queries.add(target.get("expr").asString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return queries;
    }

    @Test
    void should_ask_only_for_what_is_scraped() {
        assertThat(queries()).hasSizeGreaterThan(10).allSatisfy(query -> {
            Matcher metric = QUERY.matcher(query);
            assertThat(metric.find()).as(query).isTrue();
            do {
                Map<String, String> wanted = labels(metric.group(2));
                assertThat(SCRAPED).containsKey(metric.group(1));
                assertThat(SCRAPED.get(metric.group(1)))
                        .anySatisfy(series -> assertThat(series).containsAllEntriesOf(wanted));
                Matcher grouping = GROUPING.matcher(query);
                if (grouping.find()) {
                    assertThat(SCRAPED.get(metric.group(1)))
                            .allSatisfy(series -> assertThat(series).containsKey(grouping.group(1)));
                }
            } while (metric.find());
        });
    }

    @Test
    void should_show_every_metric() {
        Set<String> asked = new HashSet<>();
        queries().forEach(query -> {
            Matcher metric = QUERY.matcher(query);
            while (metric.find()) {
                asked.add(metric.group(1));
            }
        });

        assertThat(new TreeSet<>(SCRAPED.keySet())).isEqualTo(new TreeSet<>(asked));
    }

    /** As Prometheus has them: each query is an alert, which fires while the query gives a number. */
    @Test
    void should_give_numbers_to_prometheus() throws Exception {
        Optional<Path> promtool = PROMTOOL.stream().filter(Files::isExecutable).findFirst();
        assumeThat(promtool)
                .as("skipped: promtool is not on this machine (.ci/run unpacks it to /opt/outfeed-ci)")
                .isPresent();
        List<Map<String, ?>> rules = new ArrayList<>();
        List<Map<String, ?>> fired = new ArrayList<>();
        for (String query : queries()) {
            String asked = query.replace("$__rate_interval", "5m");
            String name = "query " + rules.size() + ": " + query;
            // What is no number is not equal to itself.
            rules.add(Map.of("alert", name, "expr", "count((" + asked + ") == (" + asked + ")) > 0"));
            fired.add(Map.of(
                    "eval_time",
                    "5m",
                    "alertname",
                    name,
                    "exp_alerts",
                    List.of(Map.of("exp_labels", Map.of(), "exp_annotations", Map.of()))));
        }
        List<Map<String, ?>> series = new ArrayList<>();
        Matcher sample = SAMPLE.matcher(SCRAPE);
        while (sample.find()) {
            String labels = sample.group(2) == null ? "" : "{" + sample.group(2) + "}";
            series.add(Map.of("series", sample.group(1) + labels, "values", "0 " + sample.group(3) + "x5"));
        }
        write("rules.json", Map.of("groups", List.of(Map.of("name", "dashboard", "rules", rules))));
        write(
                "test.json",
                Map.of(
                        "rule_files",
                        List.of("rules.json"),
                        "tests",
                        List.of(Map.of("interval", "1m", "input_series", series, "alert_rule_test", fired))));

        Process process = new ProcessBuilder(promtool.get().toString(), "test", "rules", "test.json")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
    }

    private void write(String name, Object content) throws IOException {
        Files.writeString(directory.resolve(name), new JsonMapper().writeValueAsString(content));
    }
}
