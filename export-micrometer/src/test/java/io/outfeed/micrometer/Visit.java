package io.outfeed.micrometer;

import io.outfeed.ExportDefinition;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;

/** The record of these tests. */
record Visit(long id, Instant updatedAt) {

    static ListSource<Visit> source() {
        return ListSource.create(Visit::id, Visit::updatedAt);
    }

    static ExportDefinition<Visit> export(ListSource<Visit> source) {
        return ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("{job}-{sequence}.csv"))
                .build();
    }
}
