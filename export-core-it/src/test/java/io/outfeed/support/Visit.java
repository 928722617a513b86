package io.outfeed.support;

import io.outfeed.ExportDefinition;
import io.outfeed.file.FileSpec;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** The record of the engine's tests. */
public record Visit(long id, String note, Instant updatedAt) {

    public static Visit of(long id, String note, String updatedAt) {
        return new Visit(id, note, Instant.parse(updatedAt));
    }

    public static ListSource<Visit> source() {
        return ListSource.create(Visit::id, Visit::updatedAt);
    }

    /** The export of visits with two columns. */
    public static ExportDefinition.Builder<Visit> export(ListSource<Visit> source, Consumer<FileSpec.Builder> file) {
        return ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note))
                .file(file);
    }

    public static ExportDefinition<Visit> export(ListSource<Visit> source) {
        return export(source, f -> f.name("visits-{sequence}.csv")).build();
    }
}
