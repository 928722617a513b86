package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

final class FirstExport {

    record Visit(String id, String note, Instant changedAt) {}

    static ExportJob job(RecordSource<Visit> visits, Delivery delivery) {
        var definition = ExportDefinition.builder("visits", Visit.class)
                .source(visits)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::changedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("visit_id", Visit::id).field("note", Visit::note))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
        return ExportJob.builder("visits-lakeside", definition)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneId.of("America/New_York")))
                .deliverTo(delivery)
                .build();
    }

    static ExportEngine start(Path home, ExportJob job) {
        var engine = ExportEngine.builder().directory(home).build(); // such as /var/lib/outfeed
        engine.add(job);
        engine.start(); // and engine.close() when the host shuts down
        return engine;
    }
}
