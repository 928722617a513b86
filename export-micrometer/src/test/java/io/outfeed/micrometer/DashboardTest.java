package io.outfeed.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the queries of the dashboard with what Prometheus scrapes. */
class DashboardTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(outfeed_\\w+)(?:\\{([^}]*)})? ");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern QUERY = Pattern.compile("(outfeed_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern GROUPING = Pattern.compile("by \\((\\w+)\\)");

    /** What was scraped: the labels of each series, by the name of the metric. */
    private static final Map<String, List<Map<String, String>>> SCRAPED = scrape();

    /** Lets one job succeed and another one wait for its destination. */
    private static Map<String, List<Map<String, String>>> scrape() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ExportMetrics metrics = new ExportMetrics(registry, JobTags.none(), Duration.ZERO);
        ListSource<Visit> source = Visit.source();
        source.put(new Visit(1, START.minusSeconds(3600)));
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        String text;
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
            text = registry.scrape();
        }
        Map<String, List<Map<String, String>>> series = new HashMap<>();
        Matcher sample = SAMPLE.matcher(text);
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
}
