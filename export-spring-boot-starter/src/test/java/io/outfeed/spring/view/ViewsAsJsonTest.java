package io.outfeed.spring.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.view.IncidentView;
import io.outfeed.view.JobView;
import io.outfeed.view.RunDetails;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.json.JSONException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skyscreamer.jsonassert.JSONAssert;

/** What pages and endpoints get: the same from either Jackson, without configuration. */
class ViewsAsJsonTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");

    record Visit(long id, Instant at) {}

    @BeforeEach
    void add_a_job() {
        ListSource<Visit> source = ListSource.create(Visit::id, Visit::at);
        source.put(new Visit(1, START.minusSeconds(3600)));
        sandbox.add(ExportJob.builder(
                        "visits",
                        ExportDefinition.builder("visits", Visit.class)
                                .source(source)
                                .recordKey(Visit::id)
                                .watermark(Watermark.timestamp(Visit::at, Duration.ZERO))
                                .fields(f -> f.field("id", Visit::id))
                                .file(f -> f.name("visits-{sequence}.csv"))
                                .build())
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                .deliverTo(lakeside)
                .build());
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static void assertJson(String resource, Object view) throws IOException, JSONException {
        String json = PlainJackson.write(view);
        try (InputStream expected = ViewsAsJsonTest.class.getResourceAsStream(resource)) {
            JSONAssert.assertEquals(new String(expected.readAllBytes(), StandardCharsets.UTF_8), json, true);
        }
        assertThat(PlainJackson.read(json, view.getClass())).isEqualTo(view);
    }

    @Test
    void should_write_a_run_with_its_attempts_and_files() throws Exception {
        sandbox.advance(Duration.ofHours(1));

        assertJson("run.json", RunDetails.of(sandbox.engine().run(1).run()));
    }

    @Test
    void should_write_a_delayed_job_and_its_incident() throws Exception {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        sandbox.advance(Duration.ofHours(1));

        JobView job = JobView.of(sandbox.engine().job("visits").summary());
        IncidentView incident =
                IncidentView.of(sandbox.engine().incidents(IncidentQuery.open()).get(0));

        assertThat(PlainJackson.read(PlainJackson.write(job), JobView.class)).isEqualTo(job);
        assertThat(PlainJackson.read(PlainJackson.write(incident), IncidentView.class))
                .isEqualTo(incident);
        assertThat(PlainJackson.write(job)).contains("\"status\":\"DELAYED\"", "\"overdueSince\":null");
        assertThat(PlainJackson.write(incident)).contains("\"code\":\"DESTINATION_UNAVAILABLE\"", "\"end\":null");
    }

    @Test
    void should_write_a_job_that_has_delivered() throws Exception {
        sandbox.advance(Duration.ofHours(1));
        JobView job = JobView.of(sandbox.engine().job("visits").summary());

        assertJson("job.json", job);
    }
}
